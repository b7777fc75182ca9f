/* wdm-common.c — common buffers, as drivers ask for them
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/wdm/wdm-private.h"

#include "engine/kernel/dms-common.h"

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

/* From inside the call. */
static DmsCommon *
allocate_inside (DmsMachine *machine, const Asked *asked)
{
  const WdmAdapter *adapter = wdm_need_adapter (machine, asked->adapter);

  if (adapter == NULL || adapter->kernel->is_put)
    return NULL;
  if (asked->ret_logical == NULL)
    {
      dms_machine_fact (machine,
                        DMS_FACT_NULL_POINTER,
                        (DmsFactNote){ .device = adapter->kernel->device,
                                       .object = adapter->kernel->id,
                                       .a = asked->logical_argument });
      return NULL;
    }

  DmsCommon *common
      = dms_common_allocate (machine, adapter->kernel, asked->length, asked->highest);

  if (common != NULL)
    asked->ret_logical->QuadPart = (LONGLONG)common->logical;
  return common;
}

static PVOID
allocate (const Asked *asked)
{
  DmsPlace before;
  DmsMachine *machine = wdm_begin (asked->name, &before);
  const DmsCommon *common = NULL;
  DmsCall call;

  if (machine == NULL)
    return NULL;

  const WdmAdapter *adapter = wdm_find_adapter (machine, asked->adapter);
  DmsCallInfo info = { .routine = asked->routine,
                       .name = asked->name,
                       .device = adapter == NULL ? NULL : adapter->kernel->device,
                       .object = adapter == NULL ? 0 : adapter->kernel->id,
                       .length = asked->length };

  if (dms_call_enter (machine, &info, &call))
    {
      common = allocate_inside (machine, asked);
      dms_call_leave_value (
          machine, &call, common == NULL ? 0 : common->mdl.address, 0);
    }
  wdm_end (machine, before);
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
  DmsPlace before;
  DmsMachine *machine = wdm_begin ("FreeCommonBuffer", &before);
  DmsCall call;

  UNREFERENCED_PARAMETER (CacheEnabled);
  if (machine == NULL)
    return;

  const WdmAdapter *adapter = wdm_find_adapter (machine, DmaAdapter);
  DmsCallInfo info = { .routine = DMS_ROUTINE_FREE_COMMON_BUFFER,
                       .name = "FreeCommonBuffer",
                       .device = adapter == NULL ? NULL : adapter->kernel->device,
                       .object = adapter == NULL ? 0 : adapter->kernel->id,
                       .b = (uint64_t)LogicalAddress.QuadPart,
                       .length = Length };

  if (dms_call_enter (machine, &info, &call))
    {
      if (wdm_need_adapter (machine, DmaAdapter) != NULL)
        dms_common_free (machine,
                         adapter->kernel,
                         Length,
                         (uint64_t)LogicalAddress.QuadPart,
                         VirtualAddress);
      dms_call_leave (machine, &call);
    }
  wdm_end (machine, before);
}
