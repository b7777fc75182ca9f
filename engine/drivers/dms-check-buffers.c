/* dms-check-buffers.c — whether the buffers of a scenario can be
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/drivers/dms-check-private.h"

#include "engine/core/dms-table.h"
#include "engine/core/dms-units.h"

#include <inttypes.h>

static void
check_frame (DmsCheck *check, DmsTable *frames, size_t i, size_t m, size_t f)
{
  const DmsScenario *scenario = check->scenario;
  uint64_t frame = scenario->buffers[i].mdls[m].frames[f];

  if (frame >= scenario->memory >> DMS_PAGE_SHIFT)
    dms_check_problem (check,
                       "buffers[%zu].mdls[%zu].frames[%zu] is 0x%" PRIx64
                       "; the last frame of memory is 0x%" PRIx64,
                       i,
                       m,
                       f,
                       frame,
                       (scenario->memory >> DMS_PAGE_SHIFT) - 1);
  else if (dms_table_get (frames, frame) != NULL)
    dms_check_problem (
        check,
        "buffers[%zu].mdls[%zu].frames[%zu] is 0x%" PRIx64
        ", which another page has already; each page needs a frame of its own",
        i,
        m,
        f,
        frame);
  else if (!dms_table_put (frames, frame, check))
    check->status = DMS_ERROR_NO_MEMORY;
}

static void
check_mdl (DmsCheck *check, DmsTable *frames, size_t i, size_t m)
{
  const DmsScenarioMdl *mdl = &check->scenario->buffers[i].mdls[m];
  uint64_t most = (uint64_t)DMS_SCENARIO_FRAMES_MAX << DMS_PAGE_SHIFT;

  if (mdl->offset >= DMS_PAGE_SIZE)
    dms_check_problem (check,
                       "buffers[%zu].mdls[%zu].offset is %" PRIu32
                       "; 0 to 4095 is needed",
                       i,
                       m,
                       mdl->offset);
  else if (mdl->length < 1 || mdl->length > most)
    dms_check_problem (check,
                       "buffers[%zu].mdls[%zu].length is %" PRIu64 "; 1 to %" PRIu64
                       " bytes are needed",
                       i,
                       m,
                       mdl->length,
                       most);
  else if (mdl->n_frames != dms_span_pages (mdl->offset, mdl->length))
    dms_check_problem (check,
                       "buffers[%zu].mdls[%zu].frames has %zu frames; %" PRIu64
                       " are needed",
                       i,
                       m,
                       mdl->n_frames,
                       dms_span_pages (mdl->offset, mdl->length));
  for (size_t f = 0; f < mdl->n_frames && check->status == DMS_OK; f++)
    check_frame (check, frames, i, m, f);
}

void
dms_check_buffers (DmsCheck *check)
{
  const DmsScenario *scenario = check->scenario;
  DmsTable frames;

  dms_table_init (&frames);
  for (size_t i = 0; i < scenario->n_buffers && check->status == DMS_OK; i++)
    {
      const DmsScenarioBuffer *buffer = &scenario->buffers[i];

      if (buffer->name == NULL || *buffer->name == '\0')
        dms_check_problem (check, "buffers[%zu].name is empty; a name is needed", i);
      if (buffer->n_mdls < 1 || buffer->n_mdls > DMS_SCENARIO_MDLS_MAX)
        dms_check_problem (check,
                           "buffers[%zu].mdls has %zu MDLs; 1 to %u are needed",
                           i,
                           buffer->n_mdls,
                           DMS_SCENARIO_MDLS_MAX);
      for (size_t m = 0; m < buffer->n_mdls && check->status == DMS_OK; m++)
        check_mdl (check, &frames, i, m);
      if (frames.n > DMS_SCENARIO_FRAMES_MAX)
        dms_check_problem (check,
                           "buffers have more than %u pages; fewer are needed",
                           DMS_SCENARIO_FRAMES_MAX);
    }
  dms_table_release (&frames);
}
