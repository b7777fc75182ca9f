/* grant-bench-1.h — the routines of version 1, in fewer words
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "tests/engine/grant-bench.h"

static inline NTSTATUS
ask (DRIVER *driver, PDEVICE_OBJECT device, ULONG count)
{
  return driver->ops->AllocateAdapterChannel (
      driver->adapter, device, count, Control, &bench);
}

/* @count registers that stay. */
static inline VOID
hold (DRIVER *driver, PDEVICE_OBJECT device, ULONG count)
{
  driver->action = DeallocateObjectKeepRegisters;
  ASSERT_STATUS (ask (driver, device, count), STATUS_SUCCESS);
  g_assert_nonnull (driver->base);
}

static inline VOID
drop (DRIVER *driver, ULONG count)
{
  driver->ops->FreeMapRegisters (driver->adapter, driver->base, count);
}
