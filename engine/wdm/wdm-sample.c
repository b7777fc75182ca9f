/* wdm-sample.c — what samples ask that shall be wrong on purpose
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/wdm/wdm-private.h"

#include "engine/wdm/dms-wdm.h"

#include <string.h>

void
dms_wdm_set_mistakes (DmsDevice *device, SAMPLE_MISTAKES *mistakes)
{
  WdmDevice *wdm = device->driver_side;

  wdm->mistakes = mistakes;
}

static const DmsDevice *
device_of (PDEVICE_OBJECT object)
{
  const DmsMachine *machine = wdm_current ();
  const WdmDevice *device
      = machine == NULL ? NULL
                        : dms_table_get (&wdm_of (machine)->devices, wdm_key (object));

  return device == NULL ? NULL : device->device;
}

static const WdmAdapter *
adapter_of (PDMA_ADAPTER adapter)
{
  const DmsMachine *machine = wdm_current ();

  return machine == NULL
             ? NULL
             : dms_table_get (&wdm_of (machine)->adapters, wdm_key (adapter));
}

PDEVICE_OBJECT
SampleDevice (PDMA_ADAPTER adapter)
{
  const WdmAdapter *wdm = adapter_of (adapter);
  WdmDevice *device = wdm == NULL ? NULL : wdm->kernel->device->driver_side;

  return device == NULL ? NULL : &device->object;
}

PDMA_OPERATIONS
SampleOperations (PDMA_ADAPTER adapter)
{
  const WdmAdapter *wdm = adapter_of (adapter);

  return wdm_operations (wdm == NULL ? DEVICE_DESCRIPTION_VERSION3
                                     : wdm->kernel->version);
}

static bool
is_now (const DmsScenarioMistake *mistake, const DmsDevice *device)
{
  return mistake->nth == 0 || device->current == NULL
         || mistake->nth == device->current->nth;
}

BOOLEAN
SampleMistake (PDEVICE_OBJECT device, const CHAR *name)
{
  const DmsDevice *kernel = device_of (device);

  return kernel != NULL && wdm_wants_mistake (kernel, name);
}

bool
wdm_wants_mistake (const DmsDevice *kernel, const char *name)
{
  const DmsScenario *scenario = wdm_current ()->scenario;

  for (size_t i = 0; i < scenario->n_mistakes; i++)
    {
      const DmsScenarioMistake *mistake = &scenario->mistakes[i];

      if (mistake->device == kernel->index && strcmp (mistake->name, name) == 0
          && is_now (mistake, kernel))
        return TRUE;
    }
  return FALSE;
}

static bool
is_wanted (const DmsScenarioTouch *touch, SAMPLE_MOMENT moment)
{
  return touch->when
         == (moment == SAMPLE_AFTER_MAP ? DMS_TOUCH_AFTER_MAP : DMS_TOUCH_BEFORE_FLUSH);
}

BOOLEAN
SampleTouch (PDEVICE_OBJECT device,
             SAMPLE_MOMENT moment,
             ULONG index,
             SAMPLE_TOUCH *touch)
{
  const DmsDevice *kernel = device_of (device);

  if (kernel == NULL || kernel->current == NULL)
    return FALSE;

  const DmsTransfer *transfer = kernel->current;
  const DmsScenarioRequest *request
      = &wdm_current ()->scenario->requests[transfer->row];

  for (size_t i = 0; i < request->n_touches; i++)
    if (is_wanted (&request->touches[i], moment) && index-- == 0)
      {
        const DmsScenarioTouch *row = &request->touches[i];
        const DmsMdl *mdl = dms_buffer_mdl_at (transfer->buffer, row->start);
        uint64_t room = mdl->length - (row->start - mdl->start);

        touch->Writes = row->writes;
        touch->Bytes = mdl->bytes + (row->start - mdl->start);
        touch->Length = (SIZE_T)(row->length < room ? row->length : room);
        return TRUE;
      }
  return FALSE;
}
