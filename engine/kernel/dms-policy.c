/* dms-policy.c — what the profile of a scenario decides
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-policy.h"

#include "engine/kernel/dms-adapter.h"
#include "engine/kernel/dms-guard.h"
#include "engine/kernel/dms-reactos.h"

enum
{
  /* SCATTER_GATHER_LIST and its elements, on 64-bit Windows. */
  LIST_HEAD = 16,
  LIST_ENTRY = 24,
  /* What the system keeps behind them: our model, the documentation gives no size. */
  HIDDEN_HEAD = 64,
  HIDDEN_ENTRY = 8,
  /* Pages of one grant where nobody checks how many there are. */
  LEAST_ROOM = 64,
  MOST_ROOM = 4096
};

DmsPolicy
dms_policy_of (const DmsScenario *scenario)
{
  if (scenario->profile == DMS_PROFILE_REACTOS)
    return dms_reactos_policy (scenario);
  return (DmsPolicy){ .newest_version = 3,
                      .first_registers = scenario->map_registers,
                      .pool_highest = UINT64_MAX,
                      .verifies = scenario->verifier,
                      .bounces_merge = scenario->hal_x86 };
}

bool
dms_policy_wants_registers (const DmsMachine *machine, const DmsAdapter *adapter)
{
  return !machine->policy.masters_need_none || !dms_reactos_needs_none (adapter);
}

uint32_t
dms_policy_room (const DmsMachine *machine, const DmsAdapter *adapter, uint32_t count)
{
  if (!dms_policy_wants_registers (machine, adapter) && count < adapter->allowed
      && adapter->allowed <= MOST_ROOM)
    return adapter->allowed;
  return machine->policy.maps_unchecked && count < LEAST_ROOM ? LEAST_ROOM : count;
}

uint64_t
dms_policy_count (const DmsMachine *machine,
                  const DmsAdapter *adapter,
                  DmsMdl *const *mdls,
                  size_t n,
                  uint64_t skip,
                  uint64_t length,
                  uint32_t *ret_n_mdls)
{
  uint64_t pages = dms_chain_pages (mdls, n, skip, length, ret_n_mdls);

  if (!dms_policy_wants_registers (machine, adapter))
    return 0;
  return machine->policy.ignores_offset ? dms_span_pages (0, length) : pages;
}

bool
dms_policy_bounces (const DmsMachine *machine,
                    const DmsAdapter *adapter,
                    uint32_t map_register,
                    uint64_t physical,
                    uint64_t length)
{
  if (!dms_policy_wants_registers (machine, adapter))
    return false;
  if (dms_guard_has (machine, map_register))
    return true;
  return physical + length - 1 > adapter->highest;
}

uint64_t
dms_policy_list_bytes (const DmsMachine *machine, uint64_t elements)
{
  if (machine->policy.list_context != 0)
    return machine->policy.list_context;
  return LIST_HEAD + elements * LIST_ENTRY + HIDDEN_HEAD + elements * HIDDEN_ENTRY;
}

uint64_t
dms_policy_common_line (const DmsMachine *machine, const DmsAdapter *adapter)
{
  return adapter->is_slave ? machine->policy.bounce_line
                           : machine->policy.straight_line;
}

bool
dms_policy_ends_run (const DmsMachine *machine,
                     const DmsAdapter *adapter,
                     uint64_t physical)
{
  uint64_t line = dms_policy_wants_registers (machine, adapter)
                      ? machine->policy.bounce_line
                      : machine->policy.straight_line;

  return line != 0 && physical % line == 0;
}
