/* dms-adapter-size.c — what a transfer of an adapter would need
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-adapter.h"

static void
note (DmsMachine *machine,
      const DmsAdapter *adapter,
      DmsFact fact,
      uint64_t a,
      uint64_t b)
{
  dms_machine_fact (
      machine,
      fact,
      (DmsFactNote){
          .device = adapter->device, .object = adapter->id, .a = a, .b = b });
}

/* @length bytes are asked for where the chain describes @there. The third number says
 * whether the surplus leaves the chain's last page. */
static void
note_too_long (DmsMachine *machine,
               const DmsAdapter *adapter,
               const DmsMdl *last,
               uint64_t length,
               uint64_t there)
{
  uint64_t room = -(last->address + last->length) & DMS_PAGE_MASK;

  dms_machine_fact (machine,
                    DMS_FACT_TOO_LONG,
                    (DmsFactNote){ .device = adapter->device,
                                   .object = adapter->id,
                                   .a = length,
                                   .b = there,
                                   .c = length - there > room ? 1 : 0 });
}

uint32_t
dms_adapter_check_range (DmsMachine *machine,
                         const DmsAdapter *adapter,
                         const DmsSizeRequest *request)
{
  if (request->n_mdls == 0)
    return DMS_NT_SUCCESS;

  const DmsMdl *first = request->mdls[0];
  uint64_t there = 0;

  if (request->address < first->address)
    {
      note (machine, adapter, DMS_FACT_BEFORE_MDL, request->address, first->address);
      return DMS_NT_INVALID_PARAMETER;
    }
  if (request->address - first->address >= first->length)
    {
      note (machine,
            adapter,
            DMS_FACT_BEHIND_MDL,
            request->address,
            first->address + first->length);
      return DMS_NT_BUFFER_TOO_SMALL;
    }
  there = dms_chain_bytes (
      request->mdls, request->n_mdls, request->address - first->address);
  if (there >= request->length)
    return DMS_NT_SUCCESS;
  note_too_long (
      machine, adapter, request->mdls[request->n_mdls - 1], request->length, there);
  return DMS_NT_BUFFER_TOO_SMALL;
}

static uint64_t
count (const DmsMachine *machine,
       const DmsAdapter *adapter,
       const DmsSizeRequest *request)
{
  uint32_t n_mdls = 0;

  if (request->n_mdls == 0)
    return dms_span_pages (request->address, request->length);
  return dms_policy_count (machine,
                           adapter,
                           request->mdls,
                           request->n_mdls,
                           request->address - request->mdls[0]->address,
                           request->length,
                           &n_mdls);
}

uint32_t
dms_adapter_list_size (DmsMachine *machine,
                       const DmsAdapter *adapter,
                       const DmsSizeRequest *request,
                       uint64_t *ret_bytes,
                       uint64_t *ret_registers)
{
  uint32_t status = DMS_NT_SUCCESS;

  if (machine->policy.reactos_adapters)
    {
      *ret_bytes = dms_policy_list_bytes (machine, 0);
      *ret_registers = dms_span_pages (0, request->length);
      return DMS_NT_SUCCESS;
    }
  if (request->length == 0)
    {
      note (machine, adapter, DMS_FACT_ZERO_LENGTH, 0, 0);
      return DMS_NT_INVALID_PARAMETER;
    }
  status = dms_adapter_check_range (machine, adapter, request);
  if (status != DMS_NT_SUCCESS)
    return status;

  uint64_t needed = count (machine, adapter, request);

  if (needed > adapter->allowed)
    return DMS_NT_INSUFFICIENT_RESOURCES;
  *ret_bytes = dms_policy_list_bytes (machine, needed);
  *ret_registers = needed;
  return DMS_NT_SUCCESS;
}

uint64_t
dms_adapter_transfer_size (DmsMachine *machine,
                           const DmsAdapter *adapter,
                           DmsMdl *const *mdls,
                           size_t n_mdls,
                           uint64_t offset,
                           uint64_t length)
{
  uint64_t there = dms_chain_bytes (mdls, n_mdls, offset);
  uint32_t n_touched = 0;

  if (length == 0)
    note (machine, adapter, DMS_FACT_ZERO_LENGTH, 0, 0);
  else if (there < length && n_mdls > 0)
    note_too_long (machine, adapter, mdls[n_mdls - 1], length, there);
  if (length == 0 || there < length)
    return 0;
  for (; n_mdls > 0 && offset >= mdls[0]->length; n_mdls--)
    offset -= (*mdls++)->length;
  return dms_policy_count (machine, adapter, mdls, n_mdls, offset, length, &n_touched);
}
