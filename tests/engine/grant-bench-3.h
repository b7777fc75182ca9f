/* grant-bench-3.h — the routines of version 3, in fewer words
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "tests/engine/grant-bench.h"

#define LIST_BYTES(n)                                                                  \
  (sizeof (SCATTER_GATHER_LIST) + (n) * sizeof (SCATTER_GATHER_ELEMENT))

static inline NTSTATUS
ask (DRIVER *driver,
     PDEVICE_OBJECT device,
     ULONG context,
     ULONG count,
     ULONG flags,
     PDRIVER_CONTROL routine,
     PVOID *base)
{
  return driver->ops->AllocateAdapterChannelEx (driver->adapter,
                                                device,
                                                driver->contexts[context],
                                                count,
                                                flags,
                                                routine,
                                                &bench,
                                                base);
}

static inline VOID
prepare (DRIVER *driver, ULONG context)
{
  ASSERT_STATUS (driver->ops->InitializeDmaTransferContext (driver->adapter,
                                                            driver->contexts[context]),
                 STATUS_SUCCESS);
}
