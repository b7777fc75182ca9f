/* wdm-device.c — device objects: made, attached to each other, deleted
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/wdm/wdm-private.h"

#include <stdlib.h>

/* What a driver may want for one device. */
#define LARGEST_EXTENSION (1u << 20)

static NTSTATUS
make (DmsMachine *machine,
      PDRIVER_OBJECT driver,
      ULONG size,
      PDEVICE_OBJECT *ret_object)
{
  WdmMachine *wdm = wdm_of (machine);
  WdmDevice *made = NULL;

  if (driver == NULL || ret_object == NULL || size > LARGEST_EXTENSION)
    {
      dms_machine_fact (machine,
                        DMS_FACT_NULL_POINTER,
                        (DmsFactNote){ .a = driver == NULL       ? 1
                                            : ret_object == NULL ? 7
                                                                 : 2 });
      return STATUS_INVALID_PARAMETER;
    }
  made = calloc (1, sizeof *made);
  if (made == NULL)
    return STATUS_INSUFFICIENT_RESOURCES;
  made->extension = calloc (1, (size_t)size + 1);
  if (made->extension == NULL
      || !dms_table_put (&wdm->devices, wdm_key (&made->object), made))
    {
      free (made->extension);
      free (made);
      return STATUS_INSUFFICIENT_RESOURCES;
    }
  made->object.Type = 3;
  made->object.Size = (USHORT)sizeof (DEVICE_OBJECT);
  made->object.DriverObject = driver;
  made->object.NextDevice = driver->DeviceObject;
  made->object.Flags = DO_DEVICE_INITIALIZING;
  made->object.StackSize = 1;
  made->object.DeviceExtension = made->extension;
  driver->DeviceObject = &made->object;
  *ret_object = &made->object;
  return STATUS_SUCCESS;
}

NTSTATUS
IoCreateDevice (PDRIVER_OBJECT DriverObject,
                ULONG DeviceExtensionSize,
                PUNICODE_STRING DeviceName,
                DEVICE_TYPE DeviceType,
                ULONG DeviceCharacteristics,
                BOOLEAN Exclusive,
                PDEVICE_OBJECT *DeviceObject)
{
  DmsPlace before;
  DmsMachine *machine = wdm_begin ("IoCreateDevice", &before);
  NTSTATUS status = STATUS_INSUFFICIENT_RESOURCES;
  DmsCallInfo info = { .routine = DMS_ROUTINE_IO_CREATE_DEVICE,
                       .name = "IoCreateDevice",
                       .length = DeviceExtensionSize };
  DmsCall call;

  UNREFERENCED_PARAMETER (DeviceName);
  if (machine == NULL)
    return STATUS_UNSUCCESSFUL;
  if (dms_call_enter (machine, &info, &call))
    {
      status = make (machine, DriverObject, DeviceExtensionSize, DeviceObject);
      if (NT_SUCCESS (status))
        {
          (*DeviceObject)->DeviceType = DeviceType;
          (*DeviceObject)->Characteristics = DeviceCharacteristics;
          (*DeviceObject)->Flags |= Exclusive ? DO_EXCLUSIVE : 0;
        }
      dms_call_leave_status (machine, &call, (uint32_t)status);
    }
  wdm_end (machine, before);
  return status;
}

/* The driver's list of its objects, which it may have changed, is walked no further
 * than objects of ours. */
static void
unlink_from_driver (const DmsMachine *machine, PDEVICE_OBJECT object)
{
  PDRIVER_OBJECT driver = object->DriverObject;
  const WdmMachine *wdm = wdm_of (machine);

  if (driver == NULL)
    return;
  if (driver->DeviceObject == object)
    {
      driver->DeviceObject = object->NextDevice;
      return;
    }
  for (PDEVICE_OBJECT at = driver->DeviceObject;
       at != NULL && dms_table_get (&wdm->devices, wdm_key (at)) != NULL;
       at = at->NextDevice)
    if (at->NextDevice == object)
      {
        at->NextDevice = object->NextDevice;
        return;
      }
}

static void
detach (WdmDevice *lower)
{
  WdmDevice *upper = lower->above;

  if (upper == NULL)
    return;
  upper->below = NULL;
  lower->above = NULL;
  lower->object.AttachedDevice = NULL;
}

/* Its memory stays, for drivers that still look. */
static void delete (DmsMachine *machine, WdmDevice *device)
{
  WdmMachine *wdm = wdm_of (machine);

  if (device->is_bus)
    {
      dms_machine_fact (
          machine, DMS_FACT_UNKNOWN_DEVICE, (DmsFactNote){ .device = device->device });
      return;
    }
  if (device->below != NULL)
    detach (device->below);
  detach (device);
  unlink_from_driver (machine, &device->object);
  device->is_deleted = true;
  if (device->device != NULL)
    {
      WdmDevice *bottom = device->device->driver_side;

      if (bottom->dpc_target == device)
        bottom->dpc_target = NULL;
    }
  if (dms_table_put (&wdm->deleted, wdm_key (&device->object), device))
    dms_table_take (&wdm->devices, wdm_key (&device->object));
  else
    dms_machine_fail (machine, DMS_ERROR_NO_MEMORY);
}

VOID
IoDeleteDevice (PDEVICE_OBJECT DeviceObject)
{
  DmsPlace before;
  DmsMachine *machine = wdm_begin ("IoDeleteDevice", &before);
  DmsCall call;

  if (machine == NULL)
    return;

  const WdmDevice *known
      = dms_table_get (&wdm_of (machine)->devices, wdm_key (DeviceObject));
  DmsCallInfo info = { .routine = DMS_ROUTINE_IO_DELETE_DEVICE,
                       .name = "IoDeleteDevice",
                       .device = known == NULL ? NULL : known->device };

  if (dms_call_enter (machine, &info, &call))
    {
      WdmDevice *device = wdm_need_device (machine, DeviceObject);

      if (device != NULL)
        delete (machine, device);
      dms_call_leave (machine, &call);
    }
  wdm_end (machine, before);
}

/* ---- stacks ---- */

/* Nothing attached, for an object that is in a stack already or a stack that is full.
 */
static PDEVICE_OBJECT
attach (WdmDevice *source, WdmDevice *target)
{
  WdmDevice *top = wdm_top (target);
  int n = 1;

  for (const WdmDevice *at = top; at->below != NULL; at = at->below)
    n++;
  if (source->is_bus || source->below != NULL || source->above != NULL || source == top
      || n >= WDM_STACK_MAX)
    return NULL;
  top->above = source;
  top->object.AttachedDevice = &source->object;
  source->below = top;
  source->device = target->device;
  source->object.StackSize = (CCHAR)(n + 1);
  source->object.AlignmentRequirement = top->object.AlignmentRequirement;
  return &top->object;
}

PDEVICE_OBJECT
IoAttachDeviceToDeviceStack (PDEVICE_OBJECT SourceDevice, PDEVICE_OBJECT TargetDevice)
{
  DmsPlace before;
  DmsMachine *machine = wdm_begin ("IoAttachDeviceToDeviceStack", &before);
  PDEVICE_OBJECT below = NULL;
  DmsCall call;

  if (machine == NULL)
    return NULL;

  const WdmDevice *known
      = dms_table_get (&wdm_of (machine)->devices, wdm_key (TargetDevice));
  DmsCallInfo info = { .routine = DMS_ROUTINE_IO_ATTACH_DEVICE,
                       .name = "IoAttachDeviceToDeviceStack",
                       .device = known == NULL ? NULL : known->device };

  if (dms_call_enter (machine, &info, &call))
    {
      WdmDevice *source = wdm_need_device (machine, SourceDevice);
      WdmDevice *target
          = source == NULL ? NULL : wdm_need_device (machine, TargetDevice);

      if (target != NULL)
        below = attach (source, target);
      dms_call_leave (machine, &call);
    }
  wdm_end (machine, before);
  return below;
}

VOID
IoDetachDevice (PDEVICE_OBJECT TargetDevice)
{
  DmsPlace before;
  DmsMachine *machine = wdm_begin ("IoDetachDevice", &before);
  DmsCall call;

  if (machine == NULL)
    return;

  const WdmDevice *known
      = dms_table_get (&wdm_of (machine)->devices, wdm_key (TargetDevice));
  DmsCallInfo info = { .routine = DMS_ROUTINE_IO_DETACH_DEVICE,
                       .name = "IoDetachDevice",
                       .device = known == NULL ? NULL : known->device };

  if (dms_call_enter (machine, &info, &call))
    {
      WdmDevice *target = wdm_need_device (machine, TargetDevice);

      if (target != NULL)
        detach (target);
      dms_call_leave (machine, &call);
    }
  wdm_end (machine, before);
}

/* ---- names, which nobody looks up here ---- */

NTSTATUS
IoCreateSymbolicLink (PUNICODE_STRING SymbolicLinkName, PUNICODE_STRING DeviceName)
{
  UNREFERENCED_PARAMETER (SymbolicLinkName);
  UNREFERENCED_PARAMETER (DeviceName);
  return STATUS_SUCCESS;
}

NTSTATUS
IoDeleteSymbolicLink (PUNICODE_STRING SymbolicLinkName)
{
  UNREFERENCED_PARAMETER (SymbolicLinkName);
  return STATUS_SUCCESS;
}

/* The driver's characters have two bytes, as the package's flags make them. */
VOID
RtlInitUnicodeString (PUNICODE_STRING DestinationString, PCWSTR SourceString)
{
  const uint16_t *text = (const void *)SourceString;
  USHORT n = 0;

  if (DestinationString == NULL)
    return;
  while (text != NULL && n < 0x7ffe && text[n] != 0)
    n++;
  DestinationString->Length = (USHORT)(2 * n);
  DestinationString->MaximumLength = (USHORT)(text == NULL ? 0 : 2 * n + 2);
  DestinationString->Buffer = (PWSTR)(uintptr_t)SourceString;
}
