/* sample.h — what the sample drivers of Dmascope share
 *
 * DriverEntry, AddDevice and the dispatch of IRPs are the same in every driver and say
 * nothing about DMA. In the samples they are behind this: a sample names its routines,
 * and the system calls them as it would through the driver object.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/wdm/wdm.h"

/* @registers: the device's register window, mapped. */
typedef NTSTATUS SAMPLE_START_DEVICE (PDEVICE_OBJECT device, PVOID registers);
typedef VOID SAMPLE_STOP_DEVICE (PDEVICE_OBJECT device);

typedef struct
{
  SIZE_T ExtensionSize;
  SAMPLE_START_DEVICE *StartDevice;
  PDRIVER_STARTIO StartIo;
  PKSERVICE_ROUTINE InterruptService; /* its context is the device object */
  PIO_DPC_ROUTINE DpcForIsr;
  SAMPLE_STOP_DEVICE *StopDevice;
} SAMPLE_DRIVER;

/* DriverEntry of a miniport: calls the …PortInitialize of its port driver and returns what
 * that returns. Both arguments are handed on. */
typedef ULONG SAMPLE_MINIPORT (PVOID argument1, PVOID argument2);

/* ---- for those samples that are wrong on purpose
 * ---------------------------------------- */

/* Replaces members of an adapter's table of routines. */
typedef VOID SAMPLE_MISTAKES (DMA_OPERATIONS *operations);

/* What a miniport does wrong, beside what it does right: @request is the IRB or SRB. Each
 * may be null. */
typedef VOID SAMPLE_PORT_MISTAKE (PVOID extension, PVOID request);
typedef struct
{
  SAMPLE_PORT_MISTAKE *BeforeBuildIo;
  SAMPLE_PORT_MISTAKE *AfterBuildIo;
  SAMPLE_PORT_MISTAKE *AfterComplete; /* before the interrupt routine returns */
} SAMPLE_PORT_MISTAKES;

/* The same as SampleMistake, of a miniport; and whether its port driver is the ATA one. */
BOOLEAN SamplePortMistake (PVOID extension, const CHAR *name);
BOOLEAN SampleIsAta (PVOID extension);

/* Whether the scenario wants this mistake in the request that the device works on, or,
 * when it works on none, at all. */
BOOLEAN SampleMistake (PDEVICE_OBJECT device, const CHAR *name);
/* Where the driver is about to call, to be put back when something else was called in
 * between. */
typedef struct
{
  const CHAR *Routine, *File, *Argument;
  unsigned Line;
} SAMPLE_MARK;
SAMPLE_MARK SampleMark (VOID);
VOID SampleMarkAgain (SAMPLE_MARK mark);

/* The device object that the adapter is for, also when it was given back; NULL for
 * other pointers. */
PDEVICE_OBJECT SampleDevice (PDMA_ADAPTER adapter);
/* The table that the adapter would have without mistakes. */
PDMA_OPERATIONS SampleOperations (PDMA_ADAPTER adapter);

typedef enum
{
  SAMPLE_AFTER_MAP,   /* the list is there, the device not started */
  SAMPLE_BEFORE_FLUSH /* the device is done, the list not put back */
} SAMPLE_MOMENT;

typedef struct
{
  BOOLEAN Writes;
  PUCHAR Bytes; /* where the scenario wants the buffer to be touched */
  SIZE_T Length;
} SAMPLE_TOUCH;

/* The scenario's touch number @index at @moment; FALSE when there are no more. */
BOOLEAN
SampleTouch (PDEVICE_OBJECT device,
             SAMPLE_MOMENT moment,
             ULONG index,
             SAMPLE_TOUCH *touch);
