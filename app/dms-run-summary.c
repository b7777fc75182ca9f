/* dms-run-summary.c — what a trace adds up to, and the cost table that it was made by
 *
 * SPDX-License-Identifier: MIT
 */
#include "app/dms-run-summary.h"

#include "app/dms-cli-text.h"
#include "app/dms-json-private.h"
#include "data/scenario/dms-scenario-reader.h"
#include "engine/core/dms-sentence.h"
#include "engine/rules/dms-rules.h"

#include <string.h>

/* ---- reading the trace ----------------------------------------------------------- */

typedef struct
{
  DmsRunSummary *run;
  DmsRules *rules;
  DmsStatus status;
} Fold;

static void
found_cb (void *data, const DmsFinding *finding G_GNUC_UNUSED)
{
  DmsRunSummary *run = data;

  run->n_findings++;
}

static gboolean
apply_cb (const DmsEvent *event, const DmsState *state, gpointer data)
{
  Fold *fold = data;

  fold->status = dms_summary_apply (fold->run->summary, event);
  if (fold->status == DMS_OK)
    fold->status = dms_port_summary_apply (fold->run->ports, event);
  if (fold->status == DMS_OK)
    fold->status = dms_rules_apply (fold->rules, event, state);
  return fold->status == DMS_OK;
}

static gboolean
fold_all (Fold *fold, DmsState *state, DmsPlayer *player, GError **error)
{
  guint64 n = dms_player_n_events (player);
  GError *lower = NULL;

  if (n > 0 && !dms_player_each (player, 1, n, state, apply_cb, fold, &lower) && lower)
    {
      g_propagate_error (error, lower);
      return FALSE;
    }
  if (fold->status == DMS_OK)
    fold->status = dms_rules_finish (fold->rules, state);
  if (fold->status == DMS_OK)
    return TRUE;
  g_set_error (error,
               DMS_TRACE_ERROR,
               DMS_TRACE_ERROR_CORRUPT,
               "%s: the events cannot be added up: %s",
               dms_player_path (player),
               dms_status_text (fold->status));
  return FALSE;
}

/* A scenario that is not ours, or from a later version, has no cost that we know. */
static void
find_cost (DmsRunSummary *run, const DmsRunInfo *info)
{
  DmsScenario scenario;

  if (info->kind != DMS_SOURCE_SIMULATION || !info->scenario
      || !dms_scenario_parse (
          info->scenario, strlen (info->scenario), "trace", NULL, &scenario, NULL))
    return;
  run->has_cost = TRUE;
  run->cost = scenario.cost;
  dms_scenario_release (&scenario);
}

gboolean
dms_run_summary_init (DmsRunSummary *run, DmsPlayer *player, GError **error)
{
  Fold fold = { .run = run };
  DmsState *state = dms_state_new ();
  gboolean is_done;

  *run = (DmsRunSummary){ .summary = dms_summary_new (),
                          .ports = dms_port_summary_new () };
  fold.rules = dms_rules_new (found_cb, run);
  if (!run->summary || !run->ports || !fold.rules || !state)
    g_error ("no memory for the summary");
  is_done = fold_all (&fold, state, player, error);
  dms_rules_free (fold.rules);
  dms_state_free (state);
  if (is_done)
    find_cost (run, dms_player_info (player));
  else
    dms_run_summary_clear (run);
  return is_done;
}

void
dms_run_summary_clear (DmsRunSummary *run)
{
  dms_summary_free (run->summary);
  dms_port_summary_free (run->ports);
  run->summary = NULL;
  run->ports = NULL;
}

/* ---- the cost table -------------------------------------------------------------- */

void
dms_run_summary_cost (const DmsRunSummary *run, DmsCostItem items[DMS_COST_ITEMS])
{
  const DmsCost *cost = &run->cost;
  const DmsSummaryRow *row = dms_summary_total (run->summary);
  const DmsCostItem all[DMS_COST_ITEMS] = {
    { "call_ps", "call of a routine of the system", cost->call_ps, TRUE, row->calls },
    { "register_ps",
      "map register granted, set up or given back",
      cost->register_ps,
      TRUE,
      row->registers + row->given_back + row->mapped_pages + row->bounced_pages },
    { "copy_byte_ps",
      "byte copied between a page and its bounce page",
      cost->copy_byte_ps,
      TRUE,
      row->copied_bytes },
    { "bus_byte_ps",
      "byte moved by a device",
      cost->bus_byte_ps,
      TRUE,
      row->moved_bytes },
    { "burst_ps", "burst won on the bus", cost->burst_ps, TRUE, row->bursts },
    { "register_write_ps",
      "register of a device written",
      cost->register_write_ps,
      TRUE,
      row->register_writes },
    { "interrupt_ps",
      "interrupt, until the driver's routine runs",
      cost->interrupt_ps,
      TRUE,
      row->interrupts },
    { "dpc_ps", "DPC, until it runs", cost->dpc_ps, TRUE, row->dpcs },
    { "iotlb_miss_ps",
      "translation looked up by an IOMMU",
      cost->iotlb_miss_ps,
      FALSE,
      0 },
  };

  memcpy (items, all, sizeof all);
}

/* G_MAXUINT64 for more than that. */
static guint64
product (guint64 one, guint64 other)
{
  return other != 0 && one > G_MAXUINT64 / other ? G_MAXUINT64 : one * other;
}

/* ---- text ------------------------------------------------------------------------ */

#define WIDTH 11 /* "  Requests " */

static void
append_head (DmsBytes *bytes, const char *head)
{
  dms_bytes_printf (bytes, "  %-*s", WIDTH - 2, head);
}

/* ", 1 page bounced" unless there is none; the first of a line has no comma. */
static void
append_some (DmsBytes *bytes, guint64 n, const char *one, const char *many)
{
  if (n == 0)
    return;
  dms_bytes_append_text (bytes, ", ");
  dms_text_append_count (bytes, n, one, many);
}

static void
append_requests (DmsBytes *bytes, const DmsSummaryRow *row)
{
  if (row->requests == 0)
    return;
  append_head (bytes, "Requests");
  dms_text_append_count (bytes, row->requests, "request", "requests");
  append_some (bytes, row->done, "done", "done");
  append_some (bytes, row->failed, "failed", "failed");
  append_some (bytes, row->cancelled, "cancelled", "cancelled");
  dms_bytes_append_text (bytes, "\n");
  append_head (bytes, "Time");
  dms_say_duration (bytes, (guint64)(row->last_ns - row->first_ns), NULL);
  dms_bytes_append_text (bytes,
                         " from the first request to the last completion, busy ");
  dms_say_duration (bytes, row->busy_ns, NULL);
  dms_bytes_append_text (bytes, "\n");
}

static void
append_waits (DmsBytes *bytes, const DmsSummaryRow *row)
{
  if (row->waits == 0 && row->refusals == 0)
    return;
  append_head (bytes, "Waiting");
  dms_text_append_count (bytes, row->waits, "request waited", "requests waited");
  dms_bytes_append_text (bytes, " for the channel or map registers, ");
  dms_say_duration (bytes, row->waited_ns, NULL);
  append_some (bytes, row->refusals, "refused", "refused");
  dms_bytes_append_text (bytes, "\n");
}

static void
append_mappings (DmsBytes *bytes, const DmsSummaryRow *row)
{
  if (row->mappings == 0)
    return;
  append_head (bytes, "Mapped");
  dms_text_append_count (bytes, row->mappings, "mapping", "mappings");
  append_some (bytes, row->mapped_pages, "page straight", "pages straight");
  append_some (bytes, row->bounced_pages, "page bounced", "pages bounced");
  append_some (bytes, row->registers, "map register granted", "map registers granted");
  dms_bytes_append_text (bytes, "\n");
}

static void
append_copies (DmsBytes *bytes, const DmsSummaryRow *row, gboolean is_recording)
{
  /* A recording does not show the copies themselves. */
  if (!is_recording)
    {
      append_head (bytes, "Copied");
      dms_say_bytes (bytes, row->copied_bytes, NULL);
      dms_bytes_append_text (bytes, " between pages and bounce pages\n");
    }
  if (row->shared_bytes == 0)
    return;
  append_head (bytes, "Shared");
  dms_say_bytes (bytes, row->shared_bytes, NULL);
  dms_bytes_append_text (bytes,
                         " read or written by the CPU in memory that it shares with "
                         "a device\n");
}

static void
append_work (DmsBytes *bytes, const DmsSummaryRow *row)
{
  if (row->bursts > 0 || row->strays > 0 || row->faults > 0)
    {
      append_head (bytes, "Moved");
      dms_say_bytes (bytes, row->moved_bytes, NULL);
      append_some (bytes, row->bursts, "burst", "bursts");
      append_some (bytes, row->strays, "burst astray", "bursts astray");
      append_some (bytes, row->faults, "stopped by the IOMMU", "stopped by the IOMMU");
      dms_bytes_append_text (bytes, "\n");
    }
  if (row->calls > 0 || row->callbacks > 0)
    {
      append_head (bytes, "Calls");
      dms_text_append_count (bytes, row->calls, "by the driver", "by the driver");
      append_some (bytes, row->callbacks, "of the driver", "of the driver");
      append_some (bytes, row->register_writes, "register write", "register writes");
      append_some (bytes, row->interrupts, "interrupt", "interrupts");
      dms_bytes_append_text (bytes, "\n");
    }
  if (row->commands > 0)
    {
      append_head (bytes, "Commands");
      dms_say_number (bytes, row->commands, NULL);
      dms_bytes_append_text (bytes, "\n");
    }
}

static void
append_row (DmsBytes *bytes,
            const char *title,
            const DmsSummaryRow *row,
            gboolean is_recording)
{
  dms_bytes_printf (bytes, "%s\n", title);
  append_requests (bytes, row);
  append_waits (bytes, row);
  append_mappings (bytes, row);
  append_copies (bytes, row, is_recording);
  append_work (bytes, row);
}

static void
append_cost (DmsBytes *bytes, const DmsRunSummary *run)
{
  DmsCostItem items[DMS_COST_ITEMS];

  dms_run_summary_cost (run, items);
  dms_bytes_append_text (bytes,
                         "Cost, a model: its numbers are assumptions, set by the "
                         "scenario, and no measurements\n");
  for (gsize i = 0; i < DMS_COST_ITEMS; i++)
    {
      dms_bytes_append_text (bytes, "  ");
      dms_say_number (bytes, items[i].each_ps, NULL);
      dms_bytes_printf (bytes, " ps for each %s", items[i].what);
      if (items[i].is_known)
        {
          dms_bytes_append_text (bytes, " × ");
          dms_say_number (bytes, items[i].n, NULL);
          dms_bytes_append_text (bytes, " = ");
          dms_say_duration (bytes, product (items[i].each_ps, items[i].n) / 1000, NULL);
        }
      dms_bytes_append_text (bytes, "\n");
    }
  dms_bytes_append_text (bytes,
                         "  What several do at the same time counts for each: devices "
                         "move bytes while the CPU works.\n");
}

void
dms_run_summary_append (DmsBytes *bytes, const DmsRunSummary *run, DmsPlayer *player)
{
  const DmsNames *names = dms_player_names (player);
  const DmsSummaryRow *row = NULL;
  gboolean is_recording = dms_player_info (player)->kind != DMS_SOURCE_SIMULATION;
  gboolean has_several = dms_summary_device (run->summary, 1) != NULL;

  append_row (bytes, "All devices", dms_summary_total (run->summary), is_recording);
  for (gsize i = 0; has_several && (row = dms_summary_device (run->summary, i)) != NULL;
       i++)
    append_row (bytes, dms_names_text (names, row->device), row, is_recording);
  dms_bytes_append_text (bytes, "Findings   ");
  dms_say_number (bytes, run->n_findings, NULL);
  dms_bytes_append_text (bytes, "\n");
  if (run->has_cost)
    append_cost (bytes, run);
}

/* ---- JSON ------------------------------------------------------------------------ */

typedef struct
{
  const char *name;
  gsize offset; /* of a guint64 in a DmsSummaryRow */
} Member;

static const Member members[] = {
  { "requests", offsetof (DmsSummaryRow, requests) },
  { "done", offsetof (DmsSummaryRow, done) },
  { "failed", offsetof (DmsSummaryRow, failed) },
  { "cancelled", offsetof (DmsSummaryRow, cancelled) },
  { "busy_ns", offsetof (DmsSummaryRow, busy_ns) },
  { "waits", offsetof (DmsSummaryRow, waits) },
  { "waited_ns", offsetof (DmsSummaryRow, waited_ns) },
  { "refusals", offsetof (DmsSummaryRow, refusals) },
  { "calls", offsetof (DmsSummaryRow, calls) },
  { "callbacks", offsetof (DmsSummaryRow, callbacks) },
  { "dpcs", offsetof (DmsSummaryRow, dpcs) },
  { "mappings", offsetof (DmsSummaryRow, mappings) },
  { "mapped_pages", offsetof (DmsSummaryRow, mapped_pages) },
  { "bounced_pages", offsetof (DmsSummaryRow, bounced_pages) },
  { "copied_bytes", offsetof (DmsSummaryRow, copied_bytes) },
  { "shared_bytes", offsetof (DmsSummaryRow, shared_bytes) },
  { "registers", offsetof (DmsSummaryRow, registers) },
  { "register_writes", offsetof (DmsSummaryRow, register_writes) },
  { "bursts", offsetof (DmsSummaryRow, bursts) },
  { "moved_bytes", offsetof (DmsSummaryRow, moved_bytes) },
  { "interrupts", offsetof (DmsSummaryRow, interrupts) },
  { "strays", offsetof (DmsSummaryRow, strays) },
  { "faults", offsetof (DmsSummaryRow, faults) },
  { "commands", offsetof (DmsSummaryRow, commands) },
  { "facts", offsetof (DmsSummaryRow, facts) },
};

static void
put_row (json_t *object, const DmsSummaryRow *row)
{
  for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
    {
      guint64 value = 0;

      memcpy (&value, (const char *)row + members[i].offset, sizeof value);
      dms_json_put_number (object, members[i].name, value);
    }
  if (row->requests == 0)
    return;
  dms_json_put (object, "first_ns", json_integer (row->first_ns));
  dms_json_put (object, "last_ns", json_integer (row->last_ns));
}

static void
put_devices (json_t *object, const DmsRunSummary *run, const DmsNames *names)
{
  json_t *list = json_array ();
  const DmsSummaryRow *row = NULL;

  for (gsize i = 0; (row = dms_summary_device (run->summary, i)) != NULL; i++)
    {
      json_t *device = json_object ();

      dms_json_put_name (device, "device", row->device, names);
      put_row (device, row);
      if (json_array_append_new (list, device) != 0)
        g_error ("no memory for the summary");
    }
  dms_json_put (object, "devices", list);
}

static void
put_cost (json_t *object, const DmsRunSummary *run)
{
  DmsCostItem items[DMS_COST_ITEMS];
  json_t *cost = json_object ();

  dms_run_summary_cost (run, items);
  for (gsize i = 0; i < DMS_COST_ITEMS; i++)
    {
      json_t *item = json_object ();

      dms_json_put_number (item, "each_ps", items[i].each_ps);
      if (items[i].is_known)
        {
          dms_json_put_number (item, "count", items[i].n);
          dms_json_put_number (
              item, "total_ps", product (items[i].each_ps, items[i].n));
        }
      dms_json_put (cost, items[i].key, item);
    }
  dms_json_put (object, "cost", cost);
}

void
dms_run_summary_put_json (json_t *object, const DmsRunSummary *run, DmsPlayer *player)
{
  json_t *summary = json_object ();

  put_row (summary, dms_summary_total (run->summary));
  dms_json_put_number (summary, "findings", run->n_findings);
  put_devices (summary, run, dms_player_names (player));
  dms_json_put (object, "summary", summary);
  if (run->has_cost)
    put_cost (object, run);
}
