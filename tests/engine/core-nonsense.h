/* core-nonsense.h — random events: mostly plausible for the state, sometimes absurd
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-state.h"
#include "tests/lib/dms-test.h"

typedef enum
{
  CORE_SIMULATED = 1,
  CORE_RECORDED = 2,
  CORE_BOTH = 3
} CoreNonsense;

/* The next event for @state. Its payload lies in @payload until the next call. */
DmsEvent core_nonsense_next (DmsTestRandom *random,
                             const DmsState *state,
                             CoreNonsense what,
                             DmsBytes *payload);
