/* dms-check-private.h — what the parts of the check of a scenario share
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-bytes.h"
#include "engine/core/dms-scenario.h"

/* The sentence about what is wrong; the first one stays. */
typedef struct
{
  const DmsScenario *scenario;
  DmsBytes *problem; /* or NULL */
  DmsStatus status;
  bool has_own; /* somebody's own driver is there */
} DmsCheck;

/* Notes a sentence that begins with the JSON path of what is wrong. */
void dms_check_problem (DmsCheck *check, const char *format, ...) DMS_PRINTF (2, 3);
/* "a, b or c" of NULL-terminated words, as far as @size lets; returns @text. */
const char *dms_check_words (char *text, size_t size, const char *const *words);
/* Address lines that its transfers have: the DMA controller drives 24, whatever the
 * device is. */
uint32_t dms_check_reaching_bits (const DmsScenarioDevice *device);

void dms_check_devices (DmsCheck *check);
void dms_check_buffers (DmsCheck *check);
/* Requests, mistakes and commands. */
void dms_check_plan (DmsCheck *check);
