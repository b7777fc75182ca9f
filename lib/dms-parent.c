/* dms-parent.c — records what the driver's process tells, until it ends in whatever way
 *
 * SPDX-License-Identifier: MIT
 */
#include "lib/dms-parent.h"

#include "lib/dms-wire.h"

#include <errno.h>
#include <glib-unix.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define READ_BYTES (256 * 1024)
/* So often what has come is committed while nothing more comes, in milliseconds. */
#define BREATH_MS 50
/* So long may a driver's process take to end when it has closed the pipe. */
#define ENDING_MS 2000
/* A source that travels in the trace. */
#define SOURCE_BYTES_MAX (1024 * 1024)
#define CALLS_MAX 256

/* A call that has not returned. */
typedef struct
{
  guint64 seq;
  guint32 name;
  guint32 device;
  gboolean is_callback;
} OpenCall;

typedef struct
{
  const DmsParent *parent;
  DmsSink sink;
  DmsWireReader reader;
  DmsParentResult result;
  DmsEvent last;
  OpenCall calls[CALLS_MAX];
  guint n_calls;
  GPtrArray *names; /* texts by id - 1 */
  DmsWireFault fault;
  gboolean has_end;
  gboolean is_over;   /* nothing more is read */
  char *killed;       /* why we ended the child */
  DmsStatus recorder; /* what the recorder said */
  GError *failure;    /* of a source that could not be written */
} Recording;

/* Ctrl+C ends the driver, and the trace is closed all the same. */
static volatile sig_atomic_t is_interrupted;

static void
interrupt_cb (int number G_GNUC_UNUSED)
{
  is_interrupted = 1;
}

static void
end_child (Recording *recording, char *reason)
{
  if (!recording->killed)
    recording->killed = g_steal_pointer (&reason);
  g_free (reason);
  (void)kill (recording->parent->child, SIGKILL);
}

/* The same, and what it has still written is not wanted. */
static void
give_up (Recording *recording, char *reason)
{
  end_child (recording, reason);
  recording->is_over = TRUE;
}

/* ---- what comes ---- */

static void
follow_calls (Recording *recording, const DmsEvent *event)
{
  if (event->kind == DMS_EVENT_CALL && recording->n_calls < CALLS_MAX)
    recording->calls[recording->n_calls++]
        = (OpenCall){ event->seq,
                      event->a <= G_MAXUINT32 ? (guint32)event->a : 0,
                      event->device,
                      (event->flags & DMS_FLAG_CALLBACK) != 0 };
  else if (event->kind == DMS_EVENT_RETURN && recording->n_calls > 0)
    recording->n_calls--;
}

static void
take_event (Recording *recording, const DmsEvent *event)
{
  recording->recorder = recording->sink.event (recording->sink.data, event);
  if (recording->recorder != DMS_OK)
    return;
  follow_calls (recording, event);
  recording->last = *event;
  recording->result.n_events = event->seq;
}

/* The texts of the driver's files travel in the trace, where they can be found: as soon
 * as they are named, so that who follows sees the code. */
static void
add_source (Recording *recording, const char *name)
{
  const DmsParent *parent = recording->parent;
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  gsize length = 0;

  if (!parent->sources || strchr (name, '/') || recording->failure)
    return;
  path = g_build_filename (parent->sources, name, NULL);
  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR)
      || !g_file_get_contents (path, &text, &length, NULL) || length > SOURCE_BYTES_MAX
      || !g_utf8_validate (text, (gssize)length, NULL))
    return;
  if (!dms_recorder_add_source (parent->recorder, name, text, &recording->failure))
    recording->recorder = DMS_ERROR_SINK;
}

static void
take_name (Recording *recording, const DmsName *name)
{
  recording->recorder = recording->sink.name (recording->sink.data, name);
  g_ptr_array_add (recording->names, g_strdup (name->text));
  if (name->kind == DMS_NAME_FILE && recording->recorder == DMS_OK)
    add_source (recording, name->text);
}

static void
take_record (Recording *recording, const DmsWireRecord *record)
{
  switch (record->kind)
    {
    case DMS_WIRE_EVENT:
      take_event (recording, &record->event);
      break;
    case DMS_WIRE_NAME:
      take_name (recording, &record->name);
      break;
    case DMS_WIRE_END:
      recording->has_end = TRUE;
      recording->result.status = record->status;
      break;
    case DMS_WIRE_FAULT:
      recording->fault = record->fault;
      break;
    }
}

/* What the driver's process left in the pipe, as far as it is whole. */
static void
take_all (Recording *recording)
{
  const DmsParent *parent = recording->parent;
  DmsWireRecord record;
  DmsStatus status;

  while (!recording->is_over
         && (status = dms_wire_reader_next (&recording->reader, &record))
                != DMS_ERROR_END)
    {
      if (status != DMS_OK)
        give_up (recording, g_strdup ("it damaged what it was to be recorded with"));
      else
        take_record (recording, &record);
      if (recording->recorder != DMS_OK)
        recording->is_over = TRUE;
      else if (parent->max_events > 0 && !recording->has_end
               && recording->result.n_events >= parent->max_events)
        give_up (recording,
                 g_strdup_printf ("ended after %" G_GUINT64_FORMAT " events",
                                  recording->result.n_events));
    }
}

/* ---- reading ---- */

/* FALSE at the end of the pipe. */
static gboolean
read_some (Recording *recording)
{
  guint8 *room = dms_wire_reader_room (&recording->reader, READ_BYTES);
  ssize_t came = read (recording->parent->fd, room, READ_BYTES);

  dms_wire_reader_filled (&recording->reader, READ_BYTES, came > 0 ? (gsize)came : 0);
  if (came < 0)
    return errno == EINTR || errno == EAGAIN;
  take_all (recording);
  return came > 0 && !recording->is_over;
}

/* Nothing has come for a moment: what there is shall be seen by those who follow. */
static void
breathe (Recording *recording, guint *silent_ms)
{
  const DmsParent *parent = recording->parent;

  *silent_ms += BREATH_MS;
  if (!dms_recorder_commit (parent->recorder, NULL))
    {
      recording->recorder = DMS_ERROR_SINK;
      recording->is_over = TRUE;
    }
  if (parent->timeout_s > 0 && *silent_ms / 1000 >= parent->timeout_s)
    end_child (recording,
               g_strdup_printf ("no sign of life for %u second%s",
                                parent->timeout_s,
                                parent->timeout_s == 1 ? "" : "s"));
}

static void
read_all (Recording *recording)
{
  struct pollfd poller = { .fd = recording->parent->fd, .events = POLLIN };
  guint silent_ms = 0;

  while (!recording->is_over)
    {
      int n = poll (&poller, 1, BREATH_MS);

      if (is_interrupted && !recording->killed)
        end_child (recording, g_strdup ("interrupted"));
      if (n > 0)
        {
          silent_ms = 0;
          if (!read_some (recording))
            break;
        }
      else if (n == 0)
        breathe (recording, &silent_ms);
      else if (errno != EINTR)
        break;
    }
}

/* ---- the end ---- */

/* Nobody listens any more: who does not end by itself now is ended. */
static int
wait_for_end (const Recording *recording)
{
  pid_t child = recording->parent->child;
  int status = 0;

  for (guint i = 0;
       !recording->is_over && !recording->killed && i < ENDING_MS / BREATH_MS;
       i++)
    {
      if (waitpid (child, &status, WNOHANG) == child)
        return status;
      g_usleep (i == 0 ? 1000 : BREATH_MS * 1000);
    }
  (void)kill (child, SIGKILL);
  while (waitpid (child, &status, 0) < 0 && errno == EINTR)
    ;
  return status;
}

static const char *
signal_name (int number)
{
  static const struct
  {
    int number;
    const char *name;
  } known[]
      = { { SIGSEGV, "SIGSEGV" }, { SIGBUS, "SIGBUS" },   { SIGFPE, "SIGFPE" },
          { SIGILL, "SIGILL" },   { SIGABRT, "SIGABRT" }, { SIGKILL, "SIGKILL" },
          { SIGTERM, "SIGTERM" }, { SIGINT, "SIGINT" },   { SIGTRAP, "SIGTRAP" },
          { SIGHUP, "SIGHUP" },   { SIGQUIT, "SIGQUIT" }, { SIGXCPU, "SIGXCPU" } };

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (known[i].number == number)
      return known[i].name;
  return NULL;
}

/* NULL when the driver's process came to its end as it should. */
static char *
tell_end (const Recording *recording, int status)
{
  if (recording->killed)
    return g_strdup (recording->killed);
  if (WIFSIGNALED (status))
    {
      const char *name = signal_name (WTERMSIG (status));

      return name ? g_strdup (name) : g_strdup_printf ("signal %d", WTERMSIG (status));
    }
  if (recording->has_end)
    return NULL;
  return g_strdup_printf ("exit status %d",
                          WIFEXITED (status) ? WEXITSTATUS (status) : 0);
}

static void
add_crash (Recording *recording)
{
  DmsName name = { .id = recording->reader.n_names + 1,
                   .kind = DMS_NAME_TEXT,
                   .text = recording->result.crash };
  DmsEvent event = { .seq = recording->last.seq + 1,
                     .step = recording->last.step + 1,
                     .t_ns = recording->last.t_ns,
                     .kind = DMS_EVENT_CRASH,
                     .context = recording->last.context,
                     .file = recording->last.file,
                     .line = recording->last.line,
                     .object = name.id };

  if (recording->fault.has_address && !recording->killed)
    event.a = recording->result.address = recording->fault.address;
  if (recording->n_calls > 0)
    event.cause = recording->calls[recording->n_calls - 1].seq;
  for (guint i = recording->n_calls; i > 0 && event.device == 0; i--)
    event.device = recording->calls[i - 1].device;
  recording->recorder = recording->sink.name (recording->sink.data, &name);
  if (recording->recorder == DMS_OK)
    take_event (recording, &event);
}

/* The routine of the driver that ran last. */
static char *
crash_place (const Recording *recording)
{
  for (guint i = recording->n_calls; i > 0; i--)
    {
      const OpenCall *call = &recording->calls[i - 1];

      if (call->is_callback && call->name >= 1 && call->name <= recording->names->len)
        return g_strdup (g_ptr_array_index (recording->names, call->name - 1));
    }
  return NULL;
}

gboolean
dms_parent_record (const DmsParent *parent, DmsParentResult *ret_result, GError **error)
{
  struct sigaction action = { .sa_handler = interrupt_cb };
  struct sigaction before[2];
  Recording recording = { .parent = parent,
                          .sink = dms_recorder_sink (parent->recorder),
                          .names = g_ptr_array_new_with_free_func (g_free) };
  int status = 0;

  sigemptyset (&action.sa_mask);
  (void)sigaction (SIGINT, &action, &before[0]);
  (void)sigaction (SIGTERM, &action, &before[1]);
  dms_wire_reader_init (&recording.reader);
  read_all (&recording);
  status = wait_for_end (&recording);
  recording.result.crash = tell_end (&recording, status);
  if (recording.result.crash && recording.recorder == DMS_OK)
    {
      recording.result.crash_place = crash_place (&recording);
      add_crash (&recording);
    }
  (void)sigaction (SIGINT, &before[0], NULL);
  (void)sigaction (SIGTERM, &before[1], NULL);
  dms_wire_reader_clear (&recording.reader);
  g_ptr_array_unref (recording.names);
  g_free (recording.killed);
  *ret_result = recording.result;
  if (!recording.failure)
    return TRUE;
  g_propagate_error (error, recording.failure);
  return FALSE;
}

void
dms_parent_result_clear (DmsParentResult *result)
{
  g_clear_pointer (&result->crash, g_free);
  g_clear_pointer (&result->crash_place, g_free);
}
