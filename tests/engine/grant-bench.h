/* grant-bench.h — a driver that does what a test says, with the story's buffer
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/kernel/dms-grant.h"
#include "tests/engine/driver-bench.h"
#include "tests/lib/dms-test.h"

#define PAGE 4096u

typedef struct
{
  PDMA_ADAPTER adapter;
  PDMA_OPERATIONS ops;
  ULONG count;
  PVOID base;
  IO_ALLOCATION_ACTION action;
  ULONG n_calls; /* of AdapterControl and AdapterListControl */
  PSCATTER_GATHER_LIST list;
  UCHAR contexts[4][DMA_TRANSFER_CONTEXT_SIZE_V1];
} DRIVER;

typedef VOID BODY (DRIVER *driver, PDEVICE_OBJECT device, PIRP irp);

static Bench bench;
static ULONG version = DEVICE_DESCRIPTION_VERSION1;
static BOOLEAN scatter_gather = TRUE;
static BODY *body;

static inline NTSTATUS
Start (PDEVICE_OBJECT device, PVOID registers)
{
  DRIVER *driver = device->DeviceExtension;
  DEVICE_DESCRIPTION can = { .Version = version,
                             .Master = TRUE,
                             .ScatterGather = scatter_gather,
                             .Dma32BitAddresses = TRUE,
                             .DmaAddressWidth = 32,
                             .InterfaceType = PCIBus,
                             .MaximumLength = 65536 };

  UNREFERENCED_PARAMETER (registers);
  driver->adapter = IoGetDmaAdapter (device, &can, &driver->count);
  driver->ops = driver->adapter->DmaOperations;
  return STATUS_SUCCESS;
}

static inline VOID
StartIo (PDEVICE_OBJECT device, PIRP irp)
{
  body (device->DeviceExtension, device, irp);
  irp->IoStatus.Status = STATUS_SUCCESS;
  irp->IoStatus.Information = 0;
  IoCompleteRequest (irp, IO_NO_INCREMENT);
  IoStartNextPacket (device, FALSE);
}

static inline VOID
Stop (PDEVICE_OBJECT device)
{
  DRIVER *driver = device->DeviceExtension;

  driver->ops->PutDmaAdapter (driver->adapter);
}

static inline IO_ALLOCATION_ACTION
Control (PDEVICE_OBJECT device, PIRP irp, PVOID base, PVOID context)
{
  DRIVER *driver = device->DeviceExtension;

  g_assert_true (irp == device->CurrentIrp);
  g_assert_true (context == &bench);
  g_assert_cmpuint (KeGetCurrentIrql (), ==, DISPATCH_LEVEL);
  driver->base = base;
  driver->n_calls++;
  return driver->action;
}

static inline uint32_t
n_free (void)
{
  return bench.machine.pool.n_free;
}

static inline bool
is_channel_free (void)
{
  const DmsAdapter *adapter = dms_table_get (&bench.machine.adapters, 1);

  return adapter->channel == 0;
}

/* @what is done for one request. The story's buffer has 20 992 bytes from offset 512;
 * frames 2 and 3 are out of reach of 32 lines. With @tail a second MDL of 100 bytes
 * lies behind it. Nothing may be left at the end. */
static inline void
run (bool is_read, bool tail, BODY *what)
{
  static const SAMPLE_DRIVER driver
      = { sizeof (DRIVER), Start, StartIo, bench_isr, bench_dpc, Stop };
  static const uint64_t frame[] = { 0xb022 };

  memset (&bench, 0, sizeof bench);
  body = what;
  fixture_story (&bench.scenario, !is_read);
  if (tail)
    fixture_add_mdl (&bench.scenario.buffers[0], 0, 100, frame);
  bench_run (&bench, &driver);
  g_assert_cmpuint (fixture_count (&bench.run, DMS_EVENT_COMPLETE), ==, 1);
  g_assert_cmpuint (n_free (), ==, 64);
  g_assert_cmpuint (bench.machine.mapped.n, ==, 0);
  g_assert_cmpuint (bench.machine.grants.n, ==, 0);
  g_assert_cmpuint (bench.machine.asking.n, ==, 0);
  g_assert_cmpuint (bench.run.state->oddities, ==, 0);
}

static inline void
finish (void)
{
  bench_release (&bench);
  scatter_gather = TRUE;
}

/* Exactly these facts, in this order. */
static inline void
assert_facts (const DmsFact *facts, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      const DmsEvent *event = fixture_find (&bench.run, DMS_EVENT_FACT, i);

      g_assert_nonnull (event);
      g_assert_cmpstr (
          dms_fact_info (event->index)->name, ==, dms_fact_info (facts[i])->name);
    }
  g_assert_cmpuint (bench_count_facts (&bench), ==, n);
}

#define ASSERT_FACTS(...)                                                              \
  assert_facts ((const DmsFact[]){ __VA_ARGS__ },                                      \
                G_N_ELEMENTS (((const DmsFact[]){ __VA_ARGS__ })))

#define ASSERT_STATUS(call, status) g_assert_cmphex ((call), ==, (status))

static inline const DmsEvent *
fact (DmsFact which)
{
  const DmsEvent *event = bench_fact (&bench, which, 0);

  g_assert_nonnull (event);
  return event;
}
