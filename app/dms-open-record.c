/* dms-open-record.c — a scenario or a recording becomes a trace
 *
 * SPDX-License-Identifier: MIT
 */
#include "app/dms-open-private.h"

#include "app/dms-gate.h"
#include "data/lessons/dms-lessons.h"
#include "data/scenario/dms-scenario-reader.h"
#include "data/trace/dms-recorder.h"
#include "engine/drivers/dms-simulation.h"

#include <glib/gstdio.h>

#include <string.h>

/* Events between two looks at the cancellable. */
#define SLICE_EVENTS 4096u

/* One recording in the making. */
typedef struct
{
  const DmsOpenRequest *request;
  const char *trace_path;
  gboolean replace;
  GCancellable *cancellable;
  DmsOpenResult result;
  DmsGate gate;
  DmsRecorder *recorder;
  GError *failure; /* of the recorder, seen inside a callback */
} Recording;

static void
tell_progress (const Recording *recording, double share)
{
  const DmsOpenRequest *request = recording->request;

  if (request->progress)
    request->progress (share, recording->gate.n_events, request->data);
}

/* ---- the trace that is written --------------------------------------------------- */

static gboolean
start_recorder (Recording *recording, const DmsRunInfo *info, GError **error)
{
  const DmsOpenRequest *request = recording->request;
  guint64 max = request->max_events > 0 ? request->max_events : DMS_OPEN_EVENTS_MAX;
  GError *lower = NULL;

  recording->recorder
      = dms_recorder_new (recording->trace_path, recording->replace, info, &lower);
  if (!recording->recorder)
    {
      dms_open_adopt_error (error, DMS_OPEN_ERROR_OUTPUT, lower);
      return FALSE;
    }
  /* A recording has an end of its own; only a simulation needs a budget. */
  if (info->kind != DMS_SOURCE_SIMULATION)
    max = G_MAXUINT64;
  dms_gate_init (
      &recording->gate, dms_recorder_sink (recording->recorder), request->until, max);
  return TRUE;
}

/* Ends the recording after a failure. Why the disk took nothing more is known best to
 * the recorder, so its reason goes before @reason (transfer full) (nullable). */
static gboolean
give_up (Recording *recording, GError *reason, GError **error)
{
  g_autoptr (GError) lower = NULL;
  gboolean is_closed
      = dms_recorder_close (g_steal_pointer (&recording->recorder), &lower);

  dms_open_remove_trace (recording->trace_path);
  if (!is_closed && !g_error_matches (reason, DMS_OPEN_ERROR, DMS_OPEN_ERROR_CANCELLED))
    {
      g_clear_error (&reason);
      dms_open_adopt_error (error, DMS_OPEN_ERROR_OUTPUT, g_steal_pointer (&lower));
    }
  else
    g_propagate_error (error, reason);
  return FALSE;
}

static gboolean
finish (Recording *recording, GError **error)
{
  GError *lower = NULL;

  if (!dms_recorder_close (g_steal_pointer (&recording->recorder), &lower))
    {
      dms_open_remove_trace (recording->trace_path);
      dms_open_adopt_error (error, DMS_OPEN_ERROR_OUTPUT, lower);
      return FALSE;
    }
  recording->result.n_events = recording->gate.n_events;
  recording->result.is_cut = recording->gate.is_cut;
  return TRUE;
}

/* ---- scenarios ------------------------------------------------------------------- */

static gboolean
load_scenario (const DmsOpenRequest *request,
               DmsScenario *ret_scenario,
               char **ret_text,
               GError **error)
{
  GError *lower = NULL;
  gboolean is_loaded;

  if (request->path)
    is_loaded = dms_scenario_load (
        request->path, request->overrides, ret_scenario, ret_text, &lower);
  else
    {
      is_loaded = dms_scenario_parse (request->text,
                                      strlen (request->text),
                                      request->name,
                                      request->overrides,
                                      ret_scenario,
                                      &lower);
      *ret_text = is_loaded ? g_strdup (request->text) : NULL;
    }
  if (!is_loaded)
    dms_open_adopt_error (error, DMS_OPEN_ERROR_INPUT, lower);
  return is_loaded;
}

static DmsStatus
ignore_event (void *data G_GNUC_UNUSED, const DmsEvent *event G_GNUC_UNUSED)
{
  return DMS_OK;
}

static DmsStatus
ignore_name (void *data G_GNUC_UNUSED, const DmsName *name G_GNUC_UNUSED)
{
  return DMS_OK;
}

/* "lesson.json:14: devices[0].driver is …"; @text (nullable): as the file has it, to
 * find the line in. */
static void
set_problem (GError **error, const char *name, const char *text, const char *problem)
{
  g_autofree char *display = g_filename_display_name (name);
  gsize line = text ? dms_scenario_line (text, strlen (text), problem) : 0;
  g_autofree char *place
      = line > 0 ? g_strdup_printf (":%" G_GSIZE_FORMAT, line) : g_strdup ("");

  g_set_error (
      error, DMS_OPEN_ERROR, DMS_OPEN_ERROR_INPUT, "%s%s: %s", display, place, problem);
}

static DmsSimulation *
start_simulation (const DmsScenario *scenario,
                  const DmsSink *sink,
                  const char *name,
                  const char *text,
                  GError **error)
{
  DmsStatus status = DMS_OK;
  DmsBytes problem;
  DmsSimulation *simulation = NULL;

  dms_bytes_init (&problem);
  simulation = dms_simulation_new (scenario, sink, &status, &problem);
  if (!simulation)
    set_problem (error,
                 name,
                 text,
                 problem.length > 0 ? dms_bytes_text (&problem)
                                    : dms_status_text (status));
  dms_bytes_release (&problem);
  return simulation;
}

/* Whether kernel and drivers can do what the scenario asks for; before a file is made.
 */
static gboolean
check_scenario (const DmsScenario *scenario,
                const char *name,
                const char *text,
                GError **error)
{
  const DmsSink nobody = { .event = ignore_event, .name = ignore_name };
  DmsSimulation *simulation = start_simulation (scenario, &nobody, name, text, error);

  dms_simulation_free (simulation);
  return simulation != NULL;
}

static gboolean
is_closed (const DmsGate *gate)
{
  return gate->is_complete || gate->is_cut;
}

static gboolean
run_slices (Recording *recording, DmsSimulation *simulation, GError **error)
{
  guint64 target = 0;
  DmsStatus status = DMS_OK;

  while (status == DMS_OK)
    {
      if (!dms_open_check_cancelled (recording->cancellable, error))
        return FALSE;
      target += SLICE_EVENTS;
      status = dms_simulation_run (simulation, target);
      tell_progress (recording, -1);
    }
  if (status == DMS_ERROR_END || is_closed (&recording->gate))
    return TRUE;
  g_set_error (error,
               DMS_OPEN_ERROR,
               DMS_OPEN_ERROR_INPUT,
               "%s: the simulation stops after event %" G_GUINT64_FORMAT ": %s",
               dms_open_request_name (recording->request),
               recording->gate.n_events,
               dms_status_text (status));
  return FALSE;
}

/* The drivers that ran travel in the trace, so that each event's line can be shown. */
static gboolean
add_sources (Recording *recording, GError **error)
{
  GError *lower = NULL;
  size_t n_files = 0;
  const char *const *files = dms_driver_files (&n_files);

  for (size_t i = 0; i < n_files && !lower; i++)
    {
      const char *text = dms_driver_source (files[i]);
      if (text)
        dms_recorder_add_source (recording->recorder, files[i], text, &lower);
    }
  if (!lower)
    return TRUE;
  dms_open_adopt_error (error, DMS_OPEN_ERROR_OUTPUT, lower);
  return FALSE;
}

/* The gate may close while the machine is still being set up: then that is all there
 * is. */
static gboolean
run_scenario (Recording *recording, const DmsScenario *scenario, GError **error)
{
  DmsSink sink = dms_gate_sink (&recording->gate);
  const char *name = dms_open_request_name (recording->request);
  GError *reason = NULL;
  DmsSimulation *simulation;
  gboolean is_done;

  /* First of all: who follows the run sees the code. */
  if (!add_sources (recording, error))
    return FALSE;
  simulation = start_simulation (scenario, &sink, name, NULL, &reason);
  is_done = simulation && run_slices (recording, simulation, &reason);
  dms_simulation_free (simulation);
  if (!simulation && is_closed (&recording->gate))
    {
      g_clear_error (&reason);
      is_done = TRUE;
    }
  if (reason)
    g_propagate_error (error, reason);
  return is_done;
}

static gboolean
record_scenario (Recording *recording, GError **error)
{
  const char *name = dms_open_request_name (recording->request);
  g_auto (DmsRunInfo) info = { .kind = DMS_SOURCE_SIMULATION, .resolution_ns = 1 };
  const char *const *overrides = recording->request->overrides;
  gboolean has_overrides = overrides && overrides[0];
  DmsScenario scenario;
  GError *reason = NULL;
  gboolean is_done;

  recording->result.form = DMS_FORM_SCENARIO;
  if (!load_scenario (recording->request, &scenario, &info.scenario, error))
    return FALSE;
  info.title = g_strdup (scenario.title);
  info.origin = g_path_get_basename (name);
  is_done
      = check_scenario (&scenario, name, has_overrides ? NULL : info.scenario, error)
        && start_recorder (recording, &info, error);
  if (is_done && !run_scenario (recording, &scenario, &reason))
    is_done = give_up (recording, reason, error);
  dms_scenario_release (&scenario);
  return is_done && finish (recording, error);
}

/* ---- recordings ------------------------------------------------------------------ */

static gboolean
unread_cb (guint64 number, const char *line, const char *reason, gpointer data)
{
  Recording *recording = data;
  const DmsOpenRequest *request = recording->request;

  if (request->unread)
    request->unread (number, line, reason, request->data);
  return dms_recorder_add_unread (
      recording->recorder, number, line, reason, &recording->failure);
}

static void
progress_cb (double share, gpointer data)
{
  tell_progress (data, share);
}

static gboolean
import_text (Recording *recording, DmsRunInfo *info, GError **error)
{
  DmsImportTarget target = { .sink = dms_gate_sink (&recording->gate),
                             .unread = unread_cb,
                             .progress = progress_cb,
                             .data = recording };
  DmsImportTally *tally = &recording->result.tally;
  GError *lower = NULL;

  if (dms_import_ftrace_text (recording->request->path,
                              &target,
                              info,
                              tally,
                              recording->cancellable,
                              &lower))
    {
      info->read_lines = tally->lines - tally->unread;
      info->unread_lines = tally->unread;
      if (dms_recorder_set_info (recording->recorder, info, &lower))
        return TRUE;
      dms_open_adopt_error (error, DMS_OPEN_ERROR_OUTPUT, lower);
    }
  else if (recording->failure)
    {
      g_error_free (lower);
      dms_open_adopt_error (
          error, DMS_OPEN_ERROR_OUTPUT, g_steal_pointer (&recording->failure));
    }
  else if (g_error_matches (lower, DMS_IMPORT_ERROR, DMS_IMPORT_ERROR_CANCELLED))
    dms_open_adopt_error (error, DMS_OPEN_ERROR_CANCELLED, lower);
  else
    dms_open_adopt_error (error, DMS_OPEN_ERROR_INPUT, lower);
  return FALSE;
}

static gboolean
record_text (Recording *recording, GError **error)
{
  g_auto (DmsRunInfo) info = { .kind = DMS_SOURCE_FTRACE_TEXT, .resolution_ns = 1000 };
  GError *reason = NULL;

  recording->result.form = DMS_FORM_FTRACE_TEXT;
  info.origin = g_path_get_basename (recording->request->path);
  info.title = g_strdup (info.origin);
  if (!start_recorder (recording, &info, error))
    return FALSE;
  if (!import_text (recording, &info, &reason))
    return give_up (recording, reason, error);
  return finish (recording, error);
}

/* ---- both ------------------------------------------------------------------------ */

/* Writing over what is read would destroy it. */
static gboolean
check_other_file (const char *from, const char *to, GError **error)
{
  GStatBuf one;
  GStatBuf other;

  if (!from || g_stat (from, &one) != 0 || g_stat (to, &other) != 0
      || one.st_ino != other.st_ino || one.st_dev != other.st_dev)
    return TRUE;
  g_set_error (error,
               DMS_OPEN_ERROR,
               DMS_OPEN_ERROR_INPUT,
               "%s is what is read; the trace needs a file of its own",
               to);
  return FALSE;
}

gboolean
dms_open_record (const DmsOpenRequest *request,
                 const char *trace_path,
                 gboolean replace,
                 DmsOpenResult *ret_result,
                 GCancellable *cancellable,
                 GError **error)
{
  Recording recording = { .request = request,
                          .trace_path = trace_path,
                          .replace = replace,
                          .cancellable = cancellable };
  DmsForm form = DMS_FORM_SCENARIO;

  if (request->path && !dms_open_recognize (request->path, &form, error))
    return FALSE;
  if (!check_other_file (request->path, trace_path, error))
    return FALSE;
  if (form == DMS_FORM_TRACE)
    {
      g_set_error (error,
                   DMS_OPEN_ERROR,
                   DMS_OPEN_ERROR_INPUT,
                   "%s is a trace already; nothing has to be made of it",
                   request->path);
      return FALSE;
    }
  if (form == DMS_FORM_SCENARIO ? !record_scenario (&recording, error)
                                : !record_text (&recording, error))
    return FALSE;
  if (ret_result)
    *ret_result = recording.result;
  return TRUE;
}
