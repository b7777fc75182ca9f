/* wdm-port.c — port drivers: extensions, request blocks, and calls by miniports
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/wdm/wdm-port.h"

#include "engine/kernel/dms-pattern.h"
#include "engine/wdm/dms-wdm.h"

#include <stdlib.h>
#include <string.h>

/* ---- life ---- */

DmsStatus
dms_wdm_add_miniport (DmsMachine *machine, DmsDevice *device, SAMPLE_MINIPORT *entry)
{
  WdmMachine *wdm = wdm_of (machine);
  DmsMachine *outer = wdm_set_current (machine);

  wdm->entering = device;

  bool is_there = entry (NULL, NULL) == 0 && device->ops != NULL;

  wdm->entering = NULL;
  wdm_set_current (outer);
  return is_there ? DMS_OK : DMS_ERROR_NO_MEMORY;
}

static void
free_port (WdmPort *port)
{
  free (port->extension);
  free (port->controller_extension);
  free (port);
}

WdmPort *
wdm_port_new (const DmsPortModel *model,
              const DmsMiniportOps *ops,
              size_t extension_bytes)
{
  DmsMachine *machine = wdm_current ();
  WdmMachine *wdm = machine == NULL ? NULL : wdm_of (machine);

  if (wdm == NULL || wdm->entering == NULL || wdm->entering->ops != NULL)
    return NULL;

  WdmPort *port = calloc (1, sizeof *port);

  if (port == NULL)
    return NULL;
  port->extension = calloc (1, extension_bytes + 1);
  if (port->extension == NULL
      || !dms_table_put (&wdm->ports, wdm_key (port->extension), port))
    {
      free_port (port);
      return NULL;
    }
  dms_port_init (&port->port, wdm->entering, model, ops);
  return port;
}

void
wdm_ports_release (WdmMachine *wdm)
{
  size_t at = 0;
  WdmPort *port = NULL;
  WdmBlock *block = NULL;

  while ((port = dms_table_next (&wdm->ports, &at, NULL)) != NULL)
    free_port (port);
  dms_table_release (&wdm->ports);
  at = 0;
  while ((block = dms_table_next (&wdm->blocks, &at, NULL)) != NULL)
    free (block);
  dms_table_release (&wdm->blocks);
}

/* ---- request blocks ---- */

WdmBlock *
wdm_block_new (DmsMachine *machine, WdmPort *port, DmsPortRequest *request)
{
  WdmMachine *wdm = wdm_of (machine);
  WdmBlock *block = calloc (1, sizeof *block);
  const DmsList *list = dms_list_live (machine, request->list);

  if (block == NULL || !dms_table_put (&wdm->blocks, wdm_key (block), block))
    {
      free (block);
      return NULL;
    }
  block->port = port;
  block->request = request;
  request->block = block;
  if (list != NULL)
    wdm_list_fill (list);
  return block;
}

/* Pointers in it stay what they were: a miniport that follows them late must not fall
 * out of the simulation. Its place is taken by another only after a while. */
void
wdm_block_retire (DmsMachine *machine, DmsPort *port, DmsPortRequest *request)
{
  WdmPort *wdm_port = wdm_port_of (port);
  WdmBlock *block = request->block;
  WdmBlock *oldest = wdm_port->done[wdm_port->done_next];

  if (block == NULL)
    return;
  request->block = NULL;
  block->request = NULL;
  if (port->model == &dms_ata_port_model)
    memset (&block->irb.DataTransferLength,
            DMS_PATTERN_FREED,
            sizeof block->irb.DataTransferLength);
  else
    memset (&block->srb.DataTransferLength,
            DMS_PATTERN_FREED,
            sizeof block->srb.DataTransferLength);
  if (oldest != NULL)
    free (dms_table_take (&wdm_of (machine)->blocks, wdm_key (oldest)));
  wdm_port->done[wdm_port->done_next] = block;
  wdm_port->done_next = (wdm_port->done_next + 1) % WDM_DONE_BLOCKS;
}

/* ---- calls ---- */

static void
note_pointer (DmsMachine *machine, const void *extension)
{
  if (extension == NULL)
    dms_machine_fact (machine, DMS_FACT_NULL_POINTER, (DmsFactNote){ .a = 1 });
  else
    dms_machine_fact (machine, DMS_FACT_UNKNOWN_DEVICE, (DmsFactNote){ 0 });
}

bool
wdm_port_begin (DmsCallInfo info,
                const void *extension,
                const void *block,
                WdmPortCall *ret_call)
{
  WdmPortCall call = { .machine = wdm_begin (info.name, &call.before) };

  if (call.machine == NULL)
    return false;

  WdmMachine *wdm = wdm_of (call.machine);

  call.port = dms_table_get (&wdm->ports, wdm_key (extension));
  call.block = dms_table_get (&wdm->blocks, wdm_key (block));
  if (call.block != NULL && call.block->port == call.port)
    call.request = call.block->request;
  if (call.port != NULL)
    {
      info.device = call.port->port.device;
      info.transfer = call.port->port.transfer;
    }
  if (info.object == 0 && call.request != NULL)
    info.object = call.request->list;
  if (!dms_call_enter (call.machine, &info, &call.call))
    {
      wdm_end (call.machine, call.before);
      return false;
    }
  if (block != NULL && call.block == NULL)
    dms_machine_fact (
        call.machine, DMS_FACT_UNKNOWN_REQUEST, (DmsFactNote){ .device = info.device });
  *ret_call = call;
  if (call.port != NULL)
    return true;
  note_pointer (call.machine, extension);
  wdm_port_end (&call);
  return false;
}

void
wdm_port_end (const WdmPortCall *call)
{
  dms_call_leave (call->machine, &call->call);
  wdm_end (call->machine, call->before);
}

void
wdm_port_end_value (const WdmPortCall *call, uint64_t value, uint64_t length)
{
  dms_call_leave_value (call->machine, &call->call, value, length);
  wdm_end (call->machine, call->before);
}

void
wdm_port_end_status (const WdmPortCall *call, uint32_t status)
{
  dms_call_leave_status (call->machine, &call->call, status);
  wdm_end (call->machine, call->before);
}

PHYSICAL_ADDRESS
wdm_port_answer_address (const WdmPortCall *call, PVOID address, ULONG *length)
{
  uint64_t bytes = 0;
  PHYSICAL_ADDRESS answer = { .QuadPart = 0 };
  DmsPort *port = &call->port->port;

  /* What the block is given for is its buffer; memory of the port driver's own needs
   * none. */
  if (dms_common_of (call->machine, address) != NULL || call->block == NULL)
    answer.QuadPart
        = (LONGLONG)dms_port_address_of_memory (call->machine, port, address, &bytes);
  else
    answer.QuadPart = (LONGLONG)dms_port_address_of_data (
        call->machine, port, call->request, wdm_key (address), &bytes);
  if (length != NULL)
    *length = bytes > UINT32_MAX ? UINT32_MAX : (ULONG)bytes;
  wdm_port_end_value (call, (uint64_t)answer.QuadPart, bytes);
  return answer;
}

PHYSICAL_ADDRESS
wdm_port_physical_address (DmsCallInfo info,
                           const void *extension,
                           const void *block,
                           PVOID address,
                           ULONG *length)
{
  WdmPortCall call;

  if (!wdm_port_begin (info, extension, block, &call))
    return (PHYSICAL_ADDRESS){ .QuadPart = 0 };
  return wdm_port_answer_address (&call, address, length);
}

SCATTER_GATHER_LIST *
wdm_port_answer_list (const WdmPortCall *call, bool is_there)
{
  const DmsList *list
      = is_there ? dms_port_list (call->machine, &call->port->port, call->request, 0)
                 : NULL;

  wdm_port_end_value (call, list == NULL ? 0 : list->n_elements, 0);
  return list == NULL ? NULL : list->image;
}

void *
wdm_port_system_address (DmsMachine *machine, const DmsPortRequest *request)
{
  const DmsTransfer *transfer = dms_table_get (&machine->transfers, request->transfer);

  if (transfer == NULL)
    return NULL;

  const DmsMdl *mdl = dms_buffer_mdl_at (transfer->buffer, request->start);

  return mdl->bytes + (request->start - mdl->start);
}

/* ---- mistakes ---- */

void
dms_wdm_set_port_mistakes (DmsDevice *device, const SAMPLE_PORT_MISTAKES *mistakes)
{
  ((WdmPort *)device->driver_side)->mistakes = mistakes;
}

static const WdmPort *
find_port (const void *extension)
{
  const DmsMachine *machine = wdm_current ();

  return machine == NULL
             ? NULL
             : dms_table_get (&wdm_of (machine)->ports, wdm_key (extension));
}

BOOLEAN
SamplePortMistake (PVOID extension, const CHAR *name)
{
  const WdmPort *port = find_port (extension);

  return port != NULL && wdm_wants_mistake (port->port.device, name);
}

BOOLEAN
SampleIsAta (PVOID extension)
{
  const WdmPort *port = find_port (extension);

  return port != NULL && port->port.model == &dms_ata_port_model;
}

void
wdm_port_before_build (WdmPort *port, WdmBlock *block)
{
  port->ending = NULL;
  if (port->mistakes != NULL && port->mistakes->BeforeBuildIo != NULL)
    port->mistakes->BeforeBuildIo (port->extension, block);
}

void
wdm_port_after_build (WdmPort *port, WdmBlock *block)
{
  if (port->mistakes != NULL && port->mistakes->AfterBuildIo != NULL)
    port->mistakes->AfterBuildIo (port->extension, block);
}

void
wdm_port_after_interrupt (WdmPort *port)
{
  WdmBlock *block = port->ending;

  port->ending = NULL;
  if (block != NULL && port->mistakes != NULL && port->mistakes->AfterComplete != NULL)
    port->mistakes->AfterComplete (port->extension, block);
}
