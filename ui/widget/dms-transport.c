/* dms-transport.c — first, back, play, forward, last, where we are, how fast
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/widget/dms-transport.h"

#include "ui/widget/dms-widget.h"

#include <glib/gi18n.h>
#include <math.h>

#define NS_PER_SECOND 1000000000

struct _DmsTransport
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkButton *play;
  GtkLabel *position;
  GtkLabel *time;
  GtkLabel *speed_label;
  GtkScale *scale;
  GtkAdjustment *adjustment; /* the speed's logarithm to the base 2 */

  double speed;
  gboolean is_playing;
};

enum
{
  PROP_SPEED = 1,
  PROP_PLAYING,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (DmsTransport, dms_transport, GTK_TYPE_WIDGET)

/* ---- texts
 * -----------------------------------------------------------------------------------
 */

static char *
number_text (guint64 n)
{
  DmsBytes bytes;
  char *text;

  dms_bytes_init (&bytes);
  dms_say_number (&bytes, n, dms_widget_voice ());
  text = g_strdup (dms_bytes_text (&bytes));
  dms_bytes_release (&bytes);
  return text;
}

static char *
duration_text (guint64 ns)
{
  DmsBytes bytes;
  char *text;

  dms_bytes_init (&bytes);
  dms_say_duration (&bytes, ns, dms_widget_voice ());
  text = g_strdup (dms_bytes_text (&bytes));
  dms_bytes_release (&bytes);
  return text;
}

static char *
position_text (const DmsMoment *moment)
{
  gboolean is_recording = dms_moment_is_recording (moment);
  guint64 total = is_recording ? dms_player_n_events (moment->player)
                               : dms_player_n_steps (moment->player);
  g_autofree char *at = number_text (is_recording ? moment->seq : moment->step);
  g_autofree char *of = number_text (total);

  return is_recording ? g_strdup_printf (_ ("Event %s of %s"), at, of)
                      : g_strdup_printf (_ ("Step %s of %s"), at, of);
}

static char *
seconds_text (gint64 t_ns, gint64 resolution_ns)
{
  guint64 t = t_ns < 0 ? (guint64)0 - (guint64)t_ns : (guint64)t_ns;
  guint64 fraction = t % NS_PER_SECOND;

  if (resolution_ns >= 1000)
    return g_strdup_printf ("%s%" G_GUINT64_FORMAT ".%06" G_GUINT64_FORMAT " s",
                            t_ns < 0 ? "−" : "",
                            t / NS_PER_SECOND,
                            fraction / 1000);
  return g_strdup_printf ("%s%" G_GUINT64_FORMAT ".%09" G_GUINT64_FORMAT " s",
                          t_ns < 0 ? "−" : "",
                          t / NS_PER_SECOND,
                          fraction);
}

static char *
time_text (const DmsMoment *moment)
{
  g_autofree char *duration = NULL;
  gint64 t_ns = moment->seq > 0 ? moment->last.t_ns : 0;

  if (dms_moment_is_recording (moment))
    return moment->seq > 0
               ? seconds_text (t_ns, dms_player_info (moment->player)->resolution_ns)
               : g_strdup (_ ("before the first event"));
  duration = duration_text (t_ns > 0 ? (guint64)t_ns : 0);
  return g_strdup_printf (_ ("model time %s"), duration);
}

static void
show_speed (DmsTransport *transport)
{
  g_autofree char *text = g_strdup_printf ("%g×", transport->speed);

  gtk_label_set_text (transport->speed_label, text);
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (transport->scale), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text, -1);
}

static void
show_playing (DmsTransport *transport)
{
  GtkWidget *play = GTK_WIDGET (transport->play);
  const char *name = transport->is_playing ? _ ("Pause") : _ ("Play");
  g_autofree char *tooltip = g_strdup_printf (_ ("%s (Space)"), name);

  gtk_button_set_icon_name (transport->play,
                            transport->is_playing ? "media-playback-pause-symbolic"
                                                  : "media-playback-start-symbolic");
  gtk_widget_set_tooltip_text (play, tooltip);
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (play), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/* ---- speed
 * ------------------------------------------------------------------------------------
 */

static void
scale_cb (DmsTransport *transport)
{
  /* Whole powers only: the handle rests where the label says. */
  double power = round (gtk_adjustment_get_value (transport->adjustment));

  dms_transport_set_speed (transport, exp2 (power));
  gtk_adjustment_set_value (transport->adjustment, power);
}

void
dms_transport_set_speed (DmsTransport *transport, double speed)
{
  g_return_if_fail (DMS_IS_TRANSPORT (transport));

  speed = CLAMP (speed, DMS_SPEED_MIN, DMS_SPEED_MAX);
  if (speed == transport->speed)
    return;
  transport->speed = speed;
  gtk_adjustment_set_value (transport->adjustment, log2 (speed));
  show_speed (transport);
  g_object_notify_by_pspec (G_OBJECT (transport), props[PROP_SPEED]);
}

double
dms_transport_get_speed (DmsTransport *transport)
{
  g_return_val_if_fail (DMS_IS_TRANSPORT (transport), 1.0);
  return transport->speed;
}

void
dms_transport_set_playing (DmsTransport *transport, gboolean is_playing)
{
  g_return_if_fail (DMS_IS_TRANSPORT (transport));

  is_playing = !!is_playing;
  if (is_playing == transport->is_playing)
    return;
  transport->is_playing = is_playing;
  show_playing (transport);
  g_object_notify_by_pspec (G_OBJECT (transport), props[PROP_PLAYING]);
}

/* ---- life
 * ----------------------------------------------------------------------------------------
 */

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  DmsTransport *transport = DMS_TRANSPORT (object);

  switch (id)
    {
    case PROP_SPEED:
      g_value_set_double (value, transport->speed);
      break;
    case PROP_PLAYING:
      g_value_set_boolean (value, transport->is_playing);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  DmsTransport *transport = DMS_TRANSPORT (object);

  switch (id)
    {
    case PROP_SPEED:
      dms_transport_set_speed (transport, g_value_get_double (value));
      break;
    case PROP_PLAYING:
      dms_transport_set_playing (transport, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dispose (GObject *object)
{
  DmsTransport *transport = DMS_TRANSPORT (object);

  g_clear_pointer (&transport->box, gtk_widget_unparent);
  G_OBJECT_CLASS (dms_transport_parent_class)->dispose (object);
}

static void
install_properties (GObjectClass *class)
{
  const GParamFlags flags
      = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  props[PROP_SPEED] = g_param_spec_double (
      "speed", NULL, NULL, DMS_SPEED_MIN, DMS_SPEED_MAX, 1.0, flags);
  props[PROP_PLAYING] = g_param_spec_boolean ("playing", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (class, N_PROPS, props);
}

static void
dms_transport_class_init (DmsTransportClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->get_property = get_property;
  object_class->set_property = set_property;
  object_class->dispose = dispose;
  install_properties (object_class);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "transport");
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/dmascope/Dmascope/widget/transport.ui");
  gtk_widget_class_bind_template_child (widget_class, DmsTransport, box);
  gtk_widget_class_bind_template_child (widget_class, DmsTransport, play);
  gtk_widget_class_bind_template_child (widget_class, DmsTransport, position);
  gtk_widget_class_bind_template_child (widget_class, DmsTransport, time);
  gtk_widget_class_bind_template_child (widget_class, DmsTransport, speed_label);
  gtk_widget_class_bind_template_child (widget_class, DmsTransport, scale);
  gtk_widget_class_bind_template_child (widget_class, DmsTransport, adjustment);
}

static void
dms_transport_init (DmsTransport *transport)
{
  transport->speed = 1.0;
  gtk_widget_init_template (GTK_WIDGET (transport));
  g_signal_connect_object (transport->adjustment,
                           "value-changed",
                           G_CALLBACK (scale_cb),
                           transport,
                           G_CONNECT_SWAPPED);
  /* A mark where the speed is the plain one. */
  gtk_scale_add_mark (transport->scale, 0, GTK_POS_BOTTOM, NULL);
  show_speed (transport);
  show_playing (transport);
}

GtkWidget *
dms_transport_new (void)
{
  return g_object_new (DMS_TYPE_TRANSPORT, NULL);
}

void
dms_transport_set_moment (DmsTransport *transport, const DmsMoment *moment)
{
  g_autofree char *position = NULL;
  g_autofree char *time = NULL;

  g_return_if_fail (DMS_IS_TRANSPORT (transport));

  if (moment)
    {
      position = position_text (moment);
      time = time_text (moment);
    }
  gtk_label_set_text (transport->position, position ? position : "");
  gtk_label_set_text (transport->time, time ? time : "");
}

const char *
dms_transport_position (DmsTransport *transport)
{
  g_return_val_if_fail (DMS_IS_TRANSPORT (transport), NULL);
  return gtk_label_get_text (transport->position);
}

const char *
dms_transport_time (DmsTransport *transport)
{
  g_return_val_if_fail (DMS_IS_TRANSPORT (transport), NULL);
  return gtk_label_get_text (transport->time);
}
