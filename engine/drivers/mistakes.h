/* mistakes.h — what the routines that make mistakes share
 *
 * A driver that shall make mistakes gets a table of DMA routines
 * in which some members are those of mistakes-*.c. Each does
 * what it should, but for the mistakes that the scenario wants.
 * Calls that are as they should be are not marked again, so that
 * the driver's own line stays theirs: (ops->X)(…), not ops->X(…).
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/wdm/sample.h"

#define MISTAKE_TAG 0x6b73694d /* "Misk" */

/* Whether the scenario wants this mistake here and now. */
static inline BOOLEAN
Wants (PDMA_ADAPTER adapter, const CHAR *name)
{
  return SampleMistake (SampleDevice (adapter), name);
}

/* mistakes.c: calls that nobody needs and that are wrong. */
VOID NeedlessCalls (PDMA_ADAPTER adapter);
/* The scenario's touches: the buffer is the device's now. */
VOID TouchBuffer (PDEVICE_OBJECT device, SAMPLE_MOMENT moment);
/* Reads all of the buffer of the request that runs. */
VOID LookTooEarly (PDEVICE_OBJECT device);

/* Each replaces members of the table. */
VOID MistakeLists (DMA_OPERATIONS *ops);
VOID MistakeChannels (DMA_OPERATIONS *ops);
VOID MistakeMappings (DMA_OPERATIONS *ops);
VOID MistakeAdapters (DMA_OPERATIONS *ops);
VOID MistakeVersion3 (DMA_OPERATIONS *ops);
/* Those of miniports: around what they do right. */
extern const SAMPLE_PORT_MISTAKES PortMistakes;
/* All of them; a SAMPLE_MISTAKES. */
VOID Mistakes (DMA_OPERATIONS *ops);
