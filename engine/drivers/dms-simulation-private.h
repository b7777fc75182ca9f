/* dms-simulation-private.h — what a simulation is made of
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/drivers/dms-simulation.h"
#include "engine/kernel/dms-machine.h"
#include "engine/wdm/sample.h"

/* Name of a driver that is none of ours. */
#define DMS_OWN_DRIVER "own"

struct DmsSimulation
{
  DmsScenario scenario;
  DmsMachine machine;
  bool has_machine;
  bool is_over; /* and what was left is noted */
};

/* ---- the tables of dms-sample-list.h ---- */

/* What a device of the scenario must be like for its model. */
#define DMS_MODEL_ANY 0u
#define DMS_MODEL_SLAVE 1u /* uses a channel of the system's DMA controller */
#define DMS_MODEL_RING 2u  /* shares memory with its driver */

/* Routines that a driver calls, and so the mistakes that it can make with them. */
#define DMS_WAY_ANY 0u
#define DMS_WAY_ASKS 0x1u        /* for a list or for the channel */
#define DMS_WAY_GETS 0x2u        /* GetScatterGatherList */
#define DMS_WAY_BUILDS 0x4u      /* BuildScatterGatherList */
#define DMS_WAY_PUTS 0x8u        /* PutScatterGatherList */
#define DMS_WAY_ALLOCATES 0x10u  /* AllocateAdapterChannel */
#define DMS_WAY_MAPS 0x20u       /* MapTransfer, FlushAdapterBuffers */
#define DMS_WAY_FREES 0x40u      /* FreeMapRegisters */
#define DMS_WAY_KEEPS 0x80u      /* KeepObject, FreeAdapterChannel */
#define DMS_WAY_COMMON 0x100u    /* AllocateCommonBuffer */
#define DMS_WAY_VERSION_3 0x200u /* the routines with Ex */
#define DMS_WAY_PORT 0x1000u      /* leaves DMA to a port driver */
#define DMS_WAY_PORT_LIST 0x2000u /* and asks that for its list */
#define DMS_WAY_ATA_PORT 0x4000u  /* by the routines of the ATA port driver */

typedef struct
{
  const char *name;
  const DmsDeviceModel *model;
  uint32_t traits;
} DmsModelRow;

/* Whether a driver needs a device that takes a list of pieces. */
typedef enum
{
  DMS_SCATTER_ANY,
  DMS_SCATTER_WITH,
  DMS_SCATTER_WITHOUT
} DmsScatter;

typedef struct
{
  const char *name;
  const char *file;
  const SAMPLE_DRIVER *driver; /* or NULL */
  SAMPLE_MINIPORT *miniport;   /* or NULL */
  const char *const *models; /* that it drives; NULL-terminated */
  DmsScatter scatter;
  uint32_t ways;  /* DMS_WAY_… */
  uint32_t lines; /* fewest address lines of a device that it drives */
} DmsSample;

typedef struct
{
  const char *name;
  uint32_t ways; /* a driver that goes one of these can make it */
} DmsMistake;

/* Names of the device models. */
const char *const *dms_simulation_models (size_t *ret_n);
/* NULL when there is none; @name may be NULL. */
const DmsModelRow *dms_model_find (const char *name);
const DmsSample *dms_sample_find (const char *name);
/* NULL when there is none; @name may be NULL. */
const DmsMistake *dms_mistake_find (const char *name);
const DmsMistake *dms_mistake_list (size_t *ret_n);
bool dms_sample_can (const DmsSample *sample, const DmsMistake *mistake);
