/* dms-scenario-parts.h — the parts of a scenario, each read by its own file
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "data/scenario/dms-scenario-node.h"

#include "engine/core/dms-scenario.h"

/* Each fills its part of @scenario from the outermost object; FALSE with the error set.
 * What was filled by then is released with the scenario. */
gboolean dms_read_machine (const DmsNode *root, DmsScenario *scenario);
gboolean dms_read_devices (const DmsNode *root, DmsScenario *scenario);
gboolean dms_read_buffers (const DmsNode *root, DmsScenario *scenario);
gboolean dms_read_requests (const DmsNode *root, DmsScenario *scenario);
gboolean dms_read_mistakes (const DmsNode *root, DmsScenario *scenario);
gboolean dms_read_commands (const DmsNode *root, DmsScenario *scenario);

/* ---- names to places ---- */

/* Name → place + 1, so that a place can be told from NULL. */
GHashTable *dms_read_index_devices (const DmsScenario *scenario);
GHashTable *dms_read_index_buffers (const DmsScenario *scenario);
/* The place of what the member @key ("device", "buffer") names. */
gboolean dms_read_place (GHashTable *index,
                         const DmsNode *object,
                         const DmsKeys *keys,
                         const char *key,
                         size_t *ret_place);

/* ---- frames ---- */

/* Who has which frame; the numbers of buffers, from 1. */
typedef struct DmsFrameBook DmsFrameBook;

DmsFrameBook *dms_frame_book_new (const DmsScenario *scenario);
void dms_frame_book_free (DmsFrameBook *book);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DmsFrameBook, dms_frame_book_free)

/**
 * dms_read_fixed_frames:
 * @node: the value of "frames"
 * @buffer: its buffer's number, from 0
 * @mdl: offset and length are filled in; gets n_frames and frames
 *
 * Takes frames that the scenario names. Does nothing for a random rule: that has to
 * wait until all named frames are known.
 */
gboolean dms_read_fixed_frames (DmsFrameBook *book,
                                const DmsNode *node,
                                gsize buffer,
                                DmsScenarioMdl *mdl);
/* The second round: draws frames for a random rule; does nothing for a fixed one. */
gboolean dms_read_random_frames (DmsFrameBook *book,
                                 const DmsNode *node,
                                 gsize buffer,
                                 DmsScenarioMdl *mdl);
