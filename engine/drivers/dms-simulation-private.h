/* dms-simulation-private.h — what a simulation is made of
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/drivers/dms-simulation.h"
#include "engine/kernel/dms-machine.h"
#include "engine/wdm/sample.h"

struct DmsSimulation
{
  DmsScenario scenario;
  DmsMachine machine;
  bool has_machine;
};

/* ---- the tables of dms-sample-list.h ---- */

/* What a device of the scenario must be like for its model. */
#define DMS_MODEL_ANY 0u
#define DMS_MODEL_SLAVE 1u /* uses a channel of the system's DMA controller */
#define DMS_MODEL_RING 2u  /* shares memory with its driver */

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
  const SAMPLE_DRIVER *driver;
  const char *const *models; /* that it drives; NULL-terminated */
  DmsScatter scatter;
} DmsSample;

/* Takes the place of the sample of that name where it shall make mistakes. */
typedef struct
{
  const char *name;
  const char *file;
  const SAMPLE_DRIVER *driver;
  const char *const *mistakes; /* that it can make; NULL-terminated */
} DmsWrongSample;

/* Names of the device models. */
const char *const *dms_simulation_models (size_t *ret_n);
/* NULL when there is none; @name may be NULL. */
const DmsModelRow *dms_model_find (const char *name);
const DmsSample *dms_sample_find (const char *name);
/* NULL when @sample makes no mistakes. */
const DmsWrongSample *dms_sample_wrong (const DmsSample *sample);
