/* wdm-common.c — common buffers, as drivers ask for them
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-common.h"
#include "engine/wdm/wdm-call.h"

/* What AllocateCommonBuffer and AllocateCommonBufferEx ask for. */
typedef struct
{
  DmsRoutine routine;
  const char *name;
  PDMA_ADAPTER adapter;
  ULONG length;
  uint64_t highest;
  PPHYSICAL_ADDRESS ret_logical;
  uint64_t logical_argument; /* place of that pointer among the arguments, from 1 */
} Asked;

static DmsCommon *
allocate_inside (const WdmCall *call, const Asked *asked)
{
  if (asked->ret_logical == NULL)
    {
      wdm_call_fact (call, DMS_FACT_NULL_POINTER, asked->logical_argument, 0);
      return NULL;
    }

  DmsCommon *common = dms_common_allocate (
      call->machine, call->adapter, asked->length, asked->highest);

  if (common != NULL)
    asked->ret_logical->QuadPart = (LONGLONG)common->logical;
  return common;
}

static PVOID
allocate (const Asked *asked)
{
  WdmCallInfo info
      = { .routine = asked->routine, .name = asked->name, .length = asked->length };
  const DmsCommon *common = NULL;
  WdmCall call;

  if (!wdm_call_enter (&call, &info, asked->adapter))
    return NULL;
  if (call.adapter != NULL)
    common = allocate_inside (&call, asked);
  wdm_call_leave_value (&call, common == NULL ? 0 : common->mdl.address);
  return common == NULL ? NULL : common->bytes;
}

PVOID
wdm_allocate_common_buffer (PDMA_ADAPTER DmaAdapter,
                            ULONG Length,
                            PPHYSICAL_ADDRESS LogicalAddress,
                            BOOLEAN CacheEnabled)
{
  /* x86 and x64 keep such memory cached, whatever is asked for. */
  UNREFERENCED_PARAMETER (CacheEnabled);
  return allocate (&(Asked){ .routine = DMS_ROUTINE_ALLOCATE_COMMON_BUFFER,
                             .name = "AllocateCommonBuffer",
                             .adapter = DmaAdapter,
                             .length = Length,
                             .highest = UINT64_MAX,
                             .ret_logical = LogicalAddress,
                             .logical_argument = 3 });
}

PVOID
wdm_allocate_common_buffer_ex (PDMA_ADAPTER DmaAdapter,
                               PPHYSICAL_ADDRESS MaximumAddress,
                               ULONG Length,
                               PPHYSICAL_ADDRESS LogicalAddress,
                               BOOLEAN CacheEnabled,
                               ULONG PreferredNode)
{
  uint64_t highest
      = MaximumAddress == NULL ? UINT64_MAX : (uint64_t)MaximumAddress->QuadPart;

  UNREFERENCED_PARAMETER (CacheEnabled);
  UNREFERENCED_PARAMETER (PreferredNode); /* the machine has one node */
  return allocate (&(Asked){ .routine = DMS_ROUTINE_ALLOCATE_COMMON_BUFFER_EX,
                             .name = "AllocateCommonBufferEx",
                             .adapter = DmaAdapter,
                             .length = Length,
                             .highest = highest,
                             .ret_logical = LogicalAddress,
                             .logical_argument = 4 });
}

VOID
wdm_free_common_buffer (PDMA_ADAPTER DmaAdapter,
                        ULONG Length,
                        PHYSICAL_ADDRESS LogicalAddress,
                        PVOID VirtualAddress,
                        BOOLEAN CacheEnabled)
{
  uint64_t logical = (uint64_t)LogicalAddress.QuadPart;
  WdmCallInfo info = { .routine = DMS_ROUTINE_FREE_COMMON_BUFFER,
                       .name = "FreeCommonBuffer",
                       .b = logical,
                       .length = Length };
  WdmCall call;

  UNREFERENCED_PARAMETER (CacheEnabled);
  if (!wdm_call_enter (&call, &info, DmaAdapter))
    return;

  /* Too late, but by an adapter that was put back it is freed all the same. */
  const WdmAdapter *adapter = wdm_find_adapter (call.machine, DmaAdapter);

  if (adapter != NULL)
    dms_common_free (call.machine, adapter->kernel, Length, logical, VirtualAddress);
  wdm_call_leave (&call);
}
