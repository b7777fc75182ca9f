/* dms-policy.h — what the profile of a scenario decides: one table
 *
 * Where the documentation leaves something to the system, or ReactOS does otherwise
 * than documented, the kernel asks here and nowhere looks at the profile itself.
 * Letters and numbers such as R4 name the deviations of ReactOS (its
 * hal/halx86/generic/dma.c).
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-scenario.h"
#include "engine/kernel/dms-mdl.h"

struct DmsMachine;
struct DmsAdapter;

typedef struct
{
  uint32_t newest_version; /* of DEVICE_DESCRIPTION */
  bool reactos_adapters;   /* made, counted and sized as its HalGetAdapter and
                              HalCalculateScatterGatherListSize do */
  /* Map registers of the pool that are there from the beginning, and whether the others
   * come when somebody waits for them. */
  uint32_t first_registers;
  bool pool_grows;
  uint64_t pool_highest;  /* address that no bounce page lies above */
  bool masters_need_none; /* R1: scatter/gather devices on PCI get no map registers and
                             nothing of theirs bounces */
  bool ignores_offset;    /* R4: a list asks for the pages of its length alone */
  bool maps_unchecked; /* MapTransfer goes on when the grant has no register left, and
                          bounces by those behind, whoever has them */
  uint32_t most_elements; /* R2: a list of more is never delivered, and nobody is told;
                             0 = any number is */
  uint32_t list_context;  /* R20: constant size of a list's buffer; 0 = by its elements
                           */
  bool keeps_direction;   /* R17: PutScatterGatherList copies as the list was made */
  bool takes_nothing;     /* R13: length 0 makes a list without elements */
  bool verifies;          /* everything bounces, between guard pages */
  bool bounces_merge;     /* bounced pages in a row are one element */
  bool rows_only;         /* they are so only where the pages themselves lie in a row */
  bool slave_pieces; /* a slave's ScatterGather counts: several pieces, one by one */
  uint64_t straight_line; /* no run of straight pages crosses a multiple; 0 = any may */
  uint64_t bounce_line;   /* the same for adapters that use map registers */
} DmsPolicy;

/* The table of @scenario's profile and switches. */
DmsPolicy dms_policy_of (const DmsScenario *scenario);

/* False when grants of @adapter are of no map registers at all. */
bool dms_policy_wants_registers (const struct DmsMachine *machine,
                                 const struct DmsAdapter *adapter);

/* Pages that a grant of @count map registers has room for: where MapTransfer is not
 * checked, or no registers are needed, it maps more than that. */
uint32_t dms_policy_room (const struct DmsMachine *machine,
                          const struct DmsAdapter *adapter,
                          uint32_t count);

/* Map registers that a list of a range of the chain asks for; see dms_chain_pages(). */
uint64_t dms_policy_count (const struct DmsMachine *machine,
                           const struct DmsAdapter *adapter,
                           DmsMdl *const *mdls,
                           size_t n,
                           uint64_t skip,
                           uint64_t length,
                           uint32_t *ret_n_mdls);

/* True when a piece in one page has to bounce by itself, whatever lies beside it.
 * @map_register: the one that would hold its bounce page, UINT32_MAX = none. */
bool dms_policy_bounces (const struct DmsMachine *machine,
                         const struct DmsAdapter *adapter,
                         uint32_t map_register,
                         uint64_t physical,
                         uint64_t length);

/* Bytes of the buffer that BuildScatterGatherList wants for a list of so many elements:
 * more than the list, as the system keeps data of its own behind it. */
uint64_t dms_policy_list_bytes (const struct DmsMachine *machine, uint64_t elements);

/* A multiple that no common buffer crosses, beside what the controller asks for; 0 =
 * any may be crossed. */
uint64_t dms_policy_common_line (const struct DmsMachine *machine,
                                 const struct DmsAdapter *adapter);

/* True when a run of pages of @adapter has to end before the one at @physical. */
bool dms_policy_ends_run (const struct DmsMachine *machine,
                          const struct DmsAdapter *adapter,
                          uint64_t physical);
