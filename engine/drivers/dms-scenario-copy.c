/* dms-scenario-copy.c — a scenario of one's own
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/drivers/dms-scenario-copy.h"

#include <stdlib.h>
#include <string.h>

/* What is copied, and whether memory was there for all of it so far. */
static void *
copy_bytes (const void *from, size_t n, size_t size, bool *is_whole)
{
  if (n == 0)
    return NULL;

  void *to = calloc (n, size);

  if (to == NULL)
    *is_whole = false;
  else
    memcpy (to, from, n * size);
  return to;
}

static char *
copy_text (const char *from, bool *is_whole)
{
  return from == NULL ? NULL : copy_bytes (from, strlen (from) + 1, 1, is_whole);
}

static void
copy_devices (DmsScenario *to, const DmsScenario *from, bool *is_whole)
{
  to->devices
      = copy_bytes (from->devices, from->n_devices, sizeof *to->devices, is_whole);
  to->n_devices = to->devices == NULL ? 0 : from->n_devices;
  for (size_t i = 0; i < to->n_devices; i++)
    {
      to->devices[i].name = copy_text (from->devices[i].name, is_whole);
      to->devices[i].model = copy_text (from->devices[i].model, is_whole);
      to->devices[i].driver = copy_text (from->devices[i].driver, is_whole);
    }
}

static void
copy_mdls (DmsScenarioBuffer *to, const DmsScenarioBuffer *from, bool *is_whole)
{
  to->mdls = copy_bytes (from->mdls, from->n_mdls, sizeof *to->mdls, is_whole);
  to->n_mdls = to->mdls == NULL ? 0 : from->n_mdls;
  for (size_t i = 0; i < to->n_mdls; i++)
    to->mdls[i].frames = copy_bytes (from->mdls[i].frames,
                                     from->mdls[i].n_frames,
                                     sizeof *to->mdls[i].frames,
                                     is_whole);
}

static void
copy_buffers (DmsScenario *to, const DmsScenario *from, bool *is_whole)
{
  to->buffers
      = copy_bytes (from->buffers, from->n_buffers, sizeof *to->buffers, is_whole);
  to->n_buffers = to->buffers == NULL ? 0 : from->n_buffers;
  for (size_t i = 0; i < to->n_buffers; i++)
    {
      to->buffers[i].name = copy_text (from->buffers[i].name, is_whole);
      copy_mdls (&to->buffers[i], &from->buffers[i], is_whole);
    }
}

static void
copy_requests (DmsScenario *to, const DmsScenario *from, bool *is_whole)
{
  to->requests
      = copy_bytes (from->requests, from->n_requests, sizeof *to->requests, is_whole);
  to->n_requests = to->requests == NULL ? 0 : from->n_requests;
  for (size_t i = 0; i < to->n_requests; i++)
    to->requests[i].touches = copy_bytes (from->requests[i].touches,
                                          from->requests[i].n_touches,
                                          sizeof *to->requests[i].touches,
                                          is_whole);
}

static void
copy_mistakes (DmsScenario *to, const DmsScenario *from, bool *is_whole)
{
  to->mistakes
      = copy_bytes (from->mistakes, from->n_mistakes, sizeof *to->mistakes, is_whole);
  to->n_mistakes = to->mistakes == NULL ? 0 : from->n_mistakes;
  for (size_t i = 0; i < to->n_mistakes; i++)
    to->mistakes[i].name = copy_text (from->mistakes[i].name, is_whole);
}

static void
copy_commands (DmsScenario *to, const DmsScenario *from, bool *is_whole)
{
  to->commands
      = copy_bytes (from->commands, from->n_commands, sizeof *to->commands, is_whole);
  to->n_commands = to->commands == NULL ? 0 : from->n_commands;
}

DmsStatus
dms_scenario_copy (DmsScenario *to, const DmsScenario *from)
{
  bool is_whole = true;

  *to = *from;
  to->title = copy_text (from->title, &is_whole);
  copy_devices (to, from, &is_whole);
  copy_buffers (to, from, &is_whole);
  copy_requests (to, from, &is_whole);
  copy_mistakes (to, from, &is_whole);
  copy_commands (to, from, &is_whole);
  if (is_whole)
    return DMS_OK;
  dms_scenario_release (to);
  return DMS_ERROR_NO_MEMORY;
}
