/* dms-event-model.c — the events of a trace as a list that is read when it is looked at
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/widget/dms-event-model.h"

#include "ui/widget/dms-widget.h"

#define NS_PER_SECOND 1000000000

/* ---- a row
 * ---------------------------------------------------------------------------------- */

struct _DmsEventRow
{
  GObject parent_instance;
  guint64 seq;
  guint kind;
  char *time, *name, *task, *bytes;
};

G_DEFINE_FINAL_TYPE (DmsEventRow, dms_event_row, G_TYPE_OBJECT)

static void
row_finalize (GObject *object)
{
  DmsEventRow *row = DMS_EVENT_ROW (object);

  g_free (row->time);
  g_free (row->name);
  g_free (row->task);
  g_free (row->bytes);
  G_OBJECT_CLASS (dms_event_row_parent_class)->finalize (object);
}

static void
dms_event_row_class_init (DmsEventRowClass *class)
{
  G_OBJECT_CLASS (class)->finalize = row_finalize;
}

static void
dms_event_row_init (G_GNUC_UNUSED DmsEventRow *row)
{
}

guint64
dms_event_row_seq (DmsEventRow *row)
{
  return row->seq;
}

guint
dms_event_row_kind (DmsEventRow *row)
{
  return row->kind;
}

const char *
dms_event_row_time (DmsEventRow *row)
{
  return row->time;
}

const char *
dms_event_row_name (DmsEventRow *row)
{
  return row->name;
}

const char *
dms_event_row_task (DmsEventRow *row)
{
  return row->task;
}

const char *
dms_event_row_bytes (DmsEventRow *row)
{
  return row->bytes;
}

static char *
time_text (gint64 t_ns, gint64 resolution_ns)
{
  gboolean is_negative = t_ns < 0;
  guint64 t = is_negative ? (guint64)0 - (guint64)t_ns : (guint64)t_ns;
  int digits = resolution_ns >= 1000 ? 6 : 9;
  guint64 fraction = t % NS_PER_SECOND / (resolution_ns >= 1000 ? 1000 : 1);

  return g_strdup_printf ("%s%" G_GUINT64_FORMAT ".%0*" G_GUINT64_FORMAT,
                          is_negative ? "−" : "",
                          t / NS_PER_SECOND,
                          digits,
                          fraction);
}

/* "map-sg" reads better as "map sg". */
static char *
kind_text (guint kind)
{
  const DmsEventInfo *info = dms_event_info (kind);
  char *text = g_strdup (info ? info->name : "?");

  return g_strdelimit (text, "-", ' ');
}

static char *
bytes_text (guint64 n)
{
  DmsBytes bytes;
  char *text;

  if (n == 0)
    return g_strdup ("–");
  dms_bytes_init (&bytes);
  dms_say_number (&bytes, n, dms_widget_voice ());
  text = g_strdup (dms_bytes_text (&bytes));
  dms_bytes_release (&bytes);
  return text;
}

static void
row_fill (DmsEventRow *row, DmsPlayer *player, const DmsEvent *event)
{
  row->kind = event->kind;
  row->time = time_text (event->t_ns, dms_player_info (player)->resolution_ns);
  row->name = kind_text (event->kind);
  row->task = g_strdup (
      event->task ? dms_names_text (dms_player_names (player), event->task) : "");
  row->bytes = bytes_text (event->length);
}

static DmsEventRow *
row_new (DmsPlayer *player, guint64 seq)
{
  DmsEventRow *row = g_object_new (DMS_TYPE_EVENT_ROW, NULL);
  g_autoptr (GError) error = NULL;
  DmsEvent event;

  row->seq = seq;
  if (dms_player_read (player, seq, &event, &error))
    row_fill (row, player, &event);
  else
    row->name = g_strdup (error->message);
  return row;
}

/* ---- the list
 * --------------------------------------------------------------------------------- */

struct _DmsEventModel
{
  GObject parent_instance;
  DmsPlayer *player;
  guint n;
};

static GType
get_item_type (G_GNUC_UNUSED GListModel *list)
{
  return DMS_TYPE_EVENT_ROW;
}

static guint
get_n_items (GListModel *list)
{
  return DMS_EVENT_MODEL (list)->n;
}

static gpointer
get_item (GListModel *list, guint position)
{
  DmsEventModel *model = DMS_EVENT_MODEL (list);

  return position < model->n ? row_new (model->player, (guint64)position + 1) : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (DmsEventModel,
                               dms_event_model,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      list_model_init))

static void
dms_event_model_class_init (G_GNUC_UNUSED DmsEventModelClass *class)
{
}

static void
dms_event_model_init (G_GNUC_UNUSED DmsEventModel *model)
{
}

DmsEventModel *
dms_event_model_new (void)
{
  return g_object_new (DMS_TYPE_EVENT_MODEL, NULL);
}

/* A list of GTK counts by guint; what is behind is reached by the timeline. */
static guint
count_rows (DmsPlayer *player)
{
  return player ? (guint)MIN (dms_player_n_events (player), G_MAXINT32) : 0;
}

void
dms_event_model_grow (DmsEventModel *model)
{
  guint before;

  g_return_if_fail (DMS_IS_EVENT_MODEL (model));
  before = model->n;
  model->n = MAX (count_rows (model->player), before);
  if (model->n > before)
    g_list_model_items_changed (G_LIST_MODEL (model), before, 0, model->n - before);
}

void
dms_event_model_set_player (DmsEventModel *model, DmsPlayer *player)
{
  guint before;

  g_return_if_fail (DMS_IS_EVENT_MODEL (model));
  before = model->n;
  model->player = player;
  model->n = count_rows (player);
  g_list_model_items_changed (G_LIST_MODEL (model), 0, before, model->n);
}
