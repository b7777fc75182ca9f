/* dms-run-summary.h — what a trace adds up to, and the cost table that it was made by
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "data/trace/dms-player.h"
#include "engine/core/dms-scenario.h"
#include "engine/core/dms-port-summary.h"
#include "engine/core/dms-summary.h"

#include <jansson.h>

typedef struct
{
  DmsSummary *summary;   /* owned */
  DmsPortSummary *ports; /* owned */
  guint64 n_findings;
  gboolean has_cost; /* a simulation, with its scenario */
  DmsCost cost;
} DmsRunSummary;

/* Reads the whole trace once. FALSE with the error set; then nothing is to be cleared.
 */
gboolean dms_run_summary_init (DmsRunSummary *run, DmsPlayer *player, GError **error);
void dms_run_summary_clear (DmsRunSummary *run);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DmsRunSummary, dms_run_summary_clear)

/* One item of the cost table, and what it came to. */
typedef struct
{
  const char *key;   /* as in a scenario */
  const char *what;  /* one of it */
  guint64 each_ps;   /* model time of one */
  gboolean is_known; /* whether the events tell how many there were */
  guint64 n;
} DmsCostItem;

#define DMS_COST_ITEMS 9
void dms_run_summary_cost (const DmsRunSummary *run, DmsCostItem items[DMS_COST_ITEMS]);

/* Lines of text, each with its end. */
void
dms_run_summary_append (DmsBytes *bytes, const DmsRunSummary *run, DmsPlayer *player);
/* Puts the members "summary" and "cost" into @object, which describes the trace. */
void
dms_run_summary_put_json (json_t *object, const DmsRunSummary *run, DmsPlayer *player);
