/* dms-session.c — what is open: the player, the cursor, the clock that plays
 *
 * SPDX-License-Identifier: MIT
 */
#include "app/dms-session.h"

#include "app/dms-open.h"
#include "app/dms-session-text.h"
#include "data/lessons/dms-lessons.h"

/* The clock ticks at most so often; faster playing takes several steps a tick. */
#define TICK_MS 16
/* A recording has many more events than a lesson has steps. */
#define RECORDING_PACE 8.0
/* After a pause of the machine nothing is caught up beyond this. */
#define TICK_US_MAX 250000
/* How often one looks whether a trace has grown. Its recorder commits each 50 ms; and
 * what a look costs, showing it included, may take a quarter of the time. */
#define POLL_MS 60
#define POLL_MS_MAX 1500
#define POLL_SHARE 4

struct _DmsSession
{
  GObject parent_instance;

  DmsOpened *opened; /* NULL: nothing is open */
  DmsMoment moment;
  char *title, *subtitle;
  char *lesson;      /* NULL: a file */
  guint64 first_seq; /* where Home leads */

  GCancellable *loading; /* NULL: nothing is being opened */
  guint poll;            /* 0: what is open does not grow */
  gboolean is_following; /* only while it grows */

  double speed;
  guint timer;
  gint64 ticked_us;
  double due; /* steps that the clock owes, below 1 */
};

enum
{
  PROP_PLAYING = 1,
  PROP_SPEED,
  PROP_LOADING,
  PROP_GROWING,
  PROP_FOLLOWING,
  N_PROPS
};

enum
{
  SIGNAL_CLOSING,
  SIGNAL_OPENED,
  SIGNAL_GROWN,
  SIGNAL_MOVED,
  SIGNAL_FAILED,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DmsSession, dms_session, G_TYPE_OBJECT)

static DmsPlayer *
player_of (DmsSession *session)
{
  return session->opened ? dms_opened_player (session->opened) : NULL;
}

/* ---- the cursor
 * ----------------------------------------------------------------------------- */

static gboolean
fail (DmsSession *session, GError *error)
{
  if (error)
    g_signal_emit (session, signals[SIGNAL_FAILED], 0, error->message);
  return FALSE;
}

static void
follow (DmsSession *session, gboolean is_following)
{
  is_following = is_following && session->poll != 0;
  if (session->is_following == is_following)
    return;
  session->is_following = is_following;
  g_object_notify_by_pspec (G_OBJECT (session), props[PROP_FOLLOWING]);
}

static gboolean
seek_on (DmsSession *session, guint64 seq)
{
  g_autoptr (GError) error = NULL;
  DmsPlayer *player = player_of (session);

  if (!player)
    return FALSE;
  seq = MIN (seq, dms_player_n_events (player));
  if (session->moment.player && session->moment.seq == seq)
    return FALSE;
  if (!dms_moment_load (&session->moment, player, seq, &error))
    {
      /* What is shown must go on being what the player stands at. */
      if (!dms_player_seek (player, session->moment.seq, NULL))
        dms_session_pause (session);
      return fail (session, error);
    }
  g_signal_emit (session, signals[SIGNAL_MOVED], 0);
  return TRUE;
}

gboolean
dms_session_seek (DmsSession *session, guint64 seq)
{
  g_return_val_if_fail (DMS_IS_SESSION (session), FALSE);
  follow (session, FALSE);
  return seek_on (session, seq);
}

/* Where a step ends: the picture is the one after its last event. */
static gboolean
seek_step (DmsSession *session, guint64 step)
{
  DmsPlayer *player = player_of (session);
  g_autoptr (GError) error = NULL;
  guint64 first, last;

  if (step == 0)
    return dms_session_seek (session, session->first_seq);
  if (!dms_player_step_events (player, step, &first, &last, &error))
    return fail (session, error);
  return dms_session_seek (session, last);
}

gboolean
dms_session_seek_axis (DmsSession *session, gint64 position)
{
  DmsPlayer *player;
  g_autoptr (GError) error = NULL;
  guint64 seq;

  g_return_val_if_fail (DMS_IS_SESSION (session), FALSE);
  player = player_of (session);
  if (!player)
    return FALSE;
  if (!dms_moment_is_recording (&session->moment))
    return seek_step (session,
                      MIN ((guint64)MAX (position, 0), dms_player_n_steps (player)));
  if (!dms_player_event_at (player, position, &seq, &error))
    return fail (session, error);
  return dms_session_seek (session, MAX (seq, session->first_seq));
}

gboolean
dms_session_back (DmsSession *session)
{
  g_return_val_if_fail (DMS_IS_SESSION (session), FALSE);
  if (dms_session_is_at_first (session))
    return FALSE;
  if (dms_moment_is_recording (&session->moment))
    return dms_session_seek (session, session->moment.seq - 1);
  return seek_step (session, session->moment.step > 0 ? session->moment.step - 1 : 0);
}

gboolean
dms_session_forward (DmsSession *session)
{
  DmsPlayer *player;
  guint64 first, last;

  g_return_val_if_fail (DMS_IS_SESSION (session), FALSE);
  if (dms_session_is_at_last (session))
    return FALSE;
  if (dms_moment_is_recording (&session->moment))
    return dms_session_seek (session, session->moment.seq + 1);
  player = player_of (session);
  /* From amid a step first to its end. */
  if (session->moment.step > 0
      && dms_player_step_events (player, session->moment.step, &first, &last, NULL)
      && session->moment.seq < last)
    return dms_session_seek (session, last);
  return seek_step (session,
                    MIN (session->moment.step + 1, dms_player_n_steps (player)));
}

gboolean
dms_session_first (DmsSession *session)
{
  g_return_val_if_fail (DMS_IS_SESSION (session), FALSE);
  return dms_session_seek (session, session->first_seq);
}

gboolean
dms_session_last (DmsSession *session)
{
  g_return_val_if_fail (DMS_IS_SESSION (session), FALSE);
  follow (session, TRUE);
  return seek_on (session, G_MAXUINT64);
}

gboolean
dms_session_is_at_first (DmsSession *session)
{
  g_return_val_if_fail (DMS_IS_SESSION (session), FALSE);
  return !session->opened || session->moment.seq <= session->first_seq;
}

gboolean
dms_session_is_at_last (DmsSession *session)
{
  g_return_val_if_fail (DMS_IS_SESSION (session), FALSE);
  return !session->opened
         || session->moment.seq >= dms_player_n_events (player_of (session));
}

const DmsMoment *
dms_session_moment (DmsSession *session)
{
  g_return_val_if_fail (DMS_IS_SESSION (session), NULL);
  return session->moment.player ? &session->moment : NULL;
}

const char *
dms_session_title (DmsSession *session)
{
  g_return_val_if_fail (DMS_IS_SESSION (session), "");
  return session->title ? session->title : "";
}

const char *
dms_session_subtitle (DmsSession *session)
{
  g_return_val_if_fail (DMS_IS_SESSION (session), "");
  return session->subtitle ? session->subtitle : "";
}

/* ---- playing
 * ---------------------------------------------------------------------------------- */

static double
steps_per_second (DmsSession *session)
{
  return session->speed
         * (dms_moment_is_recording (&session->moment) ? RECORDING_PACE : 1.0);
}

static void
set_timer (DmsSession *session, guint timer)
{
  if (session->timer == timer)
    return;
  if (session->timer != 0)
    g_source_remove (session->timer);
  session->timer = timer;
  g_object_notify_by_pspec (G_OBJECT (session), props[PROP_PLAYING]);
}

static void
advance (DmsSession *session, guint64 n)
{
  if (dms_moment_is_recording (&session->moment))
    dms_session_seek (session, session->moment.seq + n);
  else
    seek_step (
        session,
        MIN (session->moment.step + n, dms_player_n_steps (player_of (session))));
}

static gboolean
tick_cb (gpointer data)
{
  DmsSession *session = data;
  gint64 now = g_get_monotonic_time ();
  double whole;

  session->due += (double)MIN (now - session->ticked_us, TICK_US_MAX) / 1e6
                  * steps_per_second (session);
  session->ticked_us = now;
  whole = (double)(guint64)session->due;
  if (whole >= 1.0)
    {
      session->due -= whole;
      advance (session, (guint64)whole);
    }
  if (!dms_session_is_at_last (session))
    return G_SOURCE_CONTINUE;
  /* The source goes by being told so here; the property has to follow. */
  session->timer = 0;
  follow (session, TRUE);
  g_object_notify_by_pspec (G_OBJECT (session), props[PROP_PLAYING]);
  return G_SOURCE_REMOVE;
}

void
dms_session_play (DmsSession *session)
{
  g_return_if_fail (DMS_IS_SESSION (session));

  if (!session->opened || session->timer != 0)
    return;
  if (dms_session_is_at_last (session))
    dms_session_first (session);
  session->ticked_us = g_get_monotonic_time ();
  session->due = 0.0;
  set_timer (session, g_timeout_add (TICK_MS, tick_cb, session));
}

void
dms_session_pause (DmsSession *session)
{
  g_return_if_fail (DMS_IS_SESSION (session));
  set_timer (session, 0);
}

gboolean
dms_session_is_playing (DmsSession *session)
{
  g_return_val_if_fail (DMS_IS_SESSION (session), FALSE);
  return session->timer != 0;
}

/* ---- following
 * -----------------------------------------------------------------------------
 */

static guint64 find_first (DmsPlayer *player);

static void
stop_polling (DmsSession *session)
{
  if (session->poll == 0)
    return;
  g_source_remove (session->poll);
  session->poll = 0;
  session->is_following = FALSE;
  g_object_notify_by_pspec (G_OBJECT (session), props[PROP_FOLLOWING]);
  g_object_notify_by_pspec (G_OBJECT (session), props[PROP_GROWING]);
}

/* Widgets learn of the new end before the cursor goes there. */
static void
take_growth (DmsSession *session)
{
  DmsPlayer *player = player_of (session);
  gboolean is_growing = dms_player_is_recording (player);

  session->first_seq = find_first (player);
  g_free (session->subtitle);
  session->subtitle = dms_session_make_subtitle (player, session->lesson, is_growing);
  /* What is shown must go on being what the player stands at. */
  if (!dms_player_seek (player, session->moment.seq, NULL))
    dms_session_pause (session);
  g_signal_emit (session, signals[SIGNAL_GROWN], 0);
  if (session->is_following)
    seek_on (session, G_MAXUINT64);
}

static gboolean poll_cb (gpointer data);

static void
poll_after (DmsSession *session, gint64 spent_us)
{
  gint64 wait_ms = CLAMP (spent_us * POLL_SHARE / 1000, POLL_MS, POLL_MS_MAX);

  /* After whatever the user does, and after the frame that shows the last growth. */
  session->poll
      = g_timeout_add_full (G_PRIORITY_LOW, (guint)wait_ms, poll_cb, session, NULL);
}

/* What was committed before its writer went is there with the look that comes after it
 * is known to be gone. */
static gboolean
poll_cb (gpointer data)
{
  g_autoptr (DmsSession) session = g_object_ref (data);
  DmsPlayer *player = player_of (session);
  g_autoptr (GError) error = NULL;
  gint64 begun_us = g_get_monotonic_time ();
  gboolean is_last = !dms_player_is_recording (player);
  gboolean has_grown = FALSE;

  /* A second look makes one file of a trace whose end the first one saw. */
  if (!dms_player_poll (player, &has_grown, &error)
      || (is_last && !dms_player_poll (player, NULL, &error)))
    {
      stop_polling (session);
      fail (session, error);
      return G_SOURCE_REMOVE;
    }
  if (has_grown || is_last)
    take_growth (session);
  if (is_last)
    stop_polling (session);
  else if (session->poll != 0)
    poll_after (session, g_get_monotonic_time () - begun_us);
  return G_SOURCE_REMOVE;
}

static void
start_polling (DmsSession *session, gboolean is_following)
{
  if (!dms_player_is_recording (player_of (session)))
    return;
  poll_after (session, 0);
  session->is_following = is_following;
  g_object_notify_by_pspec (G_OBJECT (session), props[PROP_GROWING]);
  g_object_notify_by_pspec (G_OBJECT (session), props[PROP_FOLLOWING]);
}

gboolean
dms_session_is_growing (DmsSession *session)
{
  g_return_val_if_fail (DMS_IS_SESSION (session), FALSE);
  return session->poll != 0;
}

gboolean
dms_session_is_following (DmsSession *session)
{
  g_return_val_if_fail (DMS_IS_SESSION (session), FALSE);
  return session->is_following;
}

void
dms_session_set_following (DmsSession *session, gboolean is_following)
{
  g_return_if_fail (DMS_IS_SESSION (session));
  if (session->poll == 0)
    return;
  dms_session_pause (session);
  follow (session, is_following);
  if (is_following)
    seek_on (session, G_MAXUINT64);
}

DmsTraceLife
dms_session_life (DmsSession *session)
{
  g_return_val_if_fail (DMS_IS_SESSION (session), DMS_LIFE_CLOSED);
  if (!session->opened)
    return DMS_LIFE_CLOSED;
  DmsTraceLife life = dms_opened_result (session->opened)->life;
  return life == DMS_LIFE_GROWS ? dms_player_life (player_of (session)) : life;
}

/* ---- opening
 * ------------------------------------------------------------------------------------
 */

typedef struct
{
  char *path, *lesson, *position;
} Source;

static void
source_free (gpointer data)
{
  Source *source = data;

  g_free (source->path);
  g_free (source->lesson);
  g_free (source->position);
  g_free (source);
}

static void
opened_free (gpointer opened)
{
  dms_opened_free (opened);
}

/* In a thread of its own: no object of GTK, nothing of the session. */
static void
open_thread (GTask *task,
             G_GNUC_UNUSED gpointer object,
             gpointer data,
             GCancellable *cancellable)
{
  const Source *source = data;
  DmsOpenRequest request = { .path = source->path };
  g_autofree char *name = NULL;
  GError *error = NULL;
  DmsOpened *opened;

  if (!source->path)
    {
      request.text = dms_lesson_scenario (source->lesson);
      request.name = name = g_strdup_printf ("%s.json", source->lesson);
    }
  if (!source->path && !request.text)
    {
      g_task_return_new_error (task,
                               DMS_OPEN_ERROR,
                               DMS_OPEN_ERROR_INPUT,
                               "There is no lesson with the name %s",
                               source->lesson);
      return;
    }
  opened = dms_open (&request, cancellable, &error);
  if (opened)
    g_task_return_pointer (task, opened, opened_free);
  else
    g_task_return_error (task, error);
}

/* Where Home leads: what there is before the first step; in a recording the first
 * event. */
static guint64
find_first (DmsPlayer *player)
{
  guint64 n = dms_player_n_events (player);
  guint64 first = 0, last = 0;

  if (dms_player_info (player)->kind == DMS_SOURCE_SIMULATION
      && dms_player_step_events (player, 0, &first, &last, NULL) && last >= first)
    return MIN (last, n);
  return MIN (1, n);
}

static void
close_run (DmsSession *session)
{
  if (!session->opened)
    return;
  stop_polling (session);
  dms_session_pause (session);
  g_signal_emit (session, signals[SIGNAL_CLOSING], 0);
  dms_moment_clear (&session->moment);
  g_clear_pointer (&session->opened, dms_opened_free);
}

/* Everything that can fail is done before the run that was open is let go. */
static gboolean
take_run (DmsSession *session, DmsOpened *taken, const Source *source, GError **error)
{
  g_autoptr (DmsOpened) opened = taken;
  DmsPlayer *player = dms_opened_player (opened);
  g_autofree char *name = source->path ? g_path_get_basename (source->path) : NULL;
  gboolean is_growing = dms_player_is_recording (player);
  g_autofree char *subtitle
      = dms_session_make_subtitle (player, source->lesson, is_growing);
  guint64 first = find_first (player);
  guint64 seq = is_growing ? dms_player_n_events (player) : first;
  DmsMoment moment = { 0 };

  if (source->position
      && !dms_player_parse_position (player, source->position, &seq, error))
    return FALSE;
  if (!dms_moment_load (&moment, player, seq, error))
    return FALSE;
  close_run (session);
  session->opened = g_steal_pointer (&opened);
  session->moment = moment;
  session->first_seq = first;
  g_free (session->title);
  session->title = dms_session_make_title (player, name);
  g_free (session->subtitle);
  session->subtitle = g_steal_pointer (&subtitle);
  g_free (session->lesson);
  session->lesson = g_strdup (source->lesson);
  return TRUE;
}

static void
stop_loading (DmsSession *session)
{
  if (!session->loading)
    return;
  g_cancellable_cancel (session->loading);
  g_clear_object (&session->loading);
}

void
dms_session_open_async (DmsSession *session,
                        const char *path,
                        const char *lesson,
                        const char *position,
                        GAsyncReadyCallback callback,
                        gpointer data)
{
  g_autoptr (GTask) task = NULL;
  Source *source = g_new (Source, 1);

  g_return_if_fail (DMS_IS_SESSION (session));
  g_return_if_fail (path || lesson);

  *source = (Source){ g_strdup (path), g_strdup (lesson), g_strdup (position) };
  stop_loading (session);
  session->loading = g_cancellable_new ();
  task = g_task_new (session, session->loading, callback, data);
  g_task_set_source_tag (task, dms_session_open_async);
  g_task_set_task_data (task, source, source_free);
  g_task_run_in_thread (task, open_thread);
  g_object_notify_by_pspec (G_OBJECT (session), props[PROP_LOADING]);
}

gboolean
dms_session_open_finish (DmsSession *session, GAsyncResult *result, GError **error)
{
  GTask *task = G_TASK (result);
  gboolean is_current = g_task_get_cancellable (task) == session->loading;
  DmsOpened *opened = g_task_propagate_pointer (task, error);

  if (is_current)
    {
      g_clear_object (&session->loading);
      g_object_notify_by_pspec (G_OBJECT (session), props[PROP_LOADING]);
    }
  const Source *source = g_task_get_task_data (task);
  if (!opened || !take_run (session, opened, source, error))
    return FALSE;
  start_polling (session, !source->position);
  g_signal_emit (session, signals[SIGNAL_OPENED], 0);
  g_signal_emit (session, signals[SIGNAL_MOVED], 0);
  return TRUE;
}

/* ---- life
 * ------------------------------------------------------------------------------------------
 */

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  DmsSession *session = DMS_SESSION (object);

  switch (id)
    {
    case PROP_PLAYING:
      g_value_set_boolean (value, session->timer != 0);
      break;
    case PROP_SPEED:
      g_value_set_double (value, session->speed);
      break;
    case PROP_LOADING:
      g_value_set_boolean (value, session->loading != NULL);
      break;
    case PROP_GROWING:
      g_value_set_boolean (value, session->poll != 0);
      break;
    case PROP_FOLLOWING:
      g_value_set_boolean (value, session->is_following);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  DmsSession *session = DMS_SESSION (object);

  switch (id)
    {
    case PROP_SPEED:
      if (session->speed == g_value_get_double (value))
        break;
      session->speed = g_value_get_double (value);
      g_object_notify_by_pspec (object, pspec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dispose (GObject *object)
{
  DmsSession *session = DMS_SESSION (object);

  stop_loading (session);
  close_run (session);
  G_OBJECT_CLASS (dms_session_parent_class)->dispose (object);
}

static void
finalize (GObject *object)
{
  DmsSession *session = DMS_SESSION (object);

  g_free (session->title);
  g_free (session->subtitle);
  g_free (session->lesson);
  G_OBJECT_CLASS (dms_session_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *class)
{
  props[PROP_PLAYING] = g_param_spec_boolean (
      "playing", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_SPEED] = g_param_spec_double ("speed",
                                           NULL,
                                           NULL,
                                           0.0,
                                           G_MAXDOUBLE,
                                           1.0,
                                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
                                               | G_PARAM_EXPLICIT_NOTIFY);
  props[PROP_LOADING] = g_param_spec_boolean (
      "loading", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_GROWING] = g_param_spec_boolean (
      "growing", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_FOLLOWING] = g_param_spec_boolean (
      "following", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (class, N_PROPS, props);
}

static guint
new_signal (const char *name)
{
  return g_signal_new (
      name, DMS_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
dms_session_class_init (DmsSessionClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->get_property = get_property;
  object_class->set_property = set_property;
  object_class->dispose = dispose;
  object_class->finalize = finalize;
  install_properties (object_class);
  signals[SIGNAL_CLOSING] = new_signal ("closing");
  signals[SIGNAL_OPENED] = new_signal ("opened");
  signals[SIGNAL_GROWN] = new_signal ("grown");
  signals[SIGNAL_MOVED] = new_signal ("moved");
  signals[SIGNAL_FAILED] = g_signal_new ("failed",
                                         DMS_TYPE_SESSION,
                                         G_SIGNAL_RUN_LAST,
                                         0,
                                         NULL,
                                         NULL,
                                         NULL,
                                         G_TYPE_NONE,
                                         1,
                                         G_TYPE_STRING);
}

static void
dms_session_init (DmsSession *session)
{
  session->speed = 1.0;
}

DmsSession *
dms_session_new (void)
{
  return g_object_new (DMS_TYPE_SESSION, NULL);
}
