/* dms-samples.c — the tables of device models and sample drivers
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/drivers/dms-simulation-private.h"

#include "engine/devices/dms-bus-master.h"
#include "engine/devices/dms-ring.h"
#include "engine/drivers/samples.h"

#include <string.h>

#define LENGTH(array) (sizeof (array) / sizeof *(array))
#define MODELS(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define MISTAKES(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* ---- the list, read once for each table ---- */

static const DmsModelRow models[] = {
#define DMS_MODEL(name, model, traits) { name, &model, traits },
#define DMS_SAMPLE(name, file, driver, models, scatter)
#define DMS_WRONG(name, file, driver, mistakes)
#include "engine/drivers/dms-sample-list.h"
#undef DMS_MODEL
#undef DMS_SAMPLE
#undef DMS_WRONG
};

static const char *const model_names[] = {
#define DMS_MODEL(name, model, traits) name,
#define DMS_SAMPLE(name, file, driver, models, scatter)
#define DMS_WRONG(name, file, driver, mistakes)
#include "engine/drivers/dms-sample-list.h"
#undef DMS_MODEL
#undef DMS_SAMPLE
#undef DMS_WRONG
};

static const DmsSample samples[] = {
#define DMS_MODEL(name, model, traits)
#define DMS_SAMPLE(name, file, driver, models, scatter)                                \
  { name, file, &driver, models, DMS_SCATTER_##scatter },
#define DMS_WRONG(name, file, driver, mistakes)
#include "engine/drivers/dms-sample-list.h"
#undef DMS_MODEL
#undef DMS_SAMPLE
#undef DMS_WRONG
};

static const DmsWrongSample wrong_samples[] = {
#define DMS_MODEL(name, model, traits)
#define DMS_SAMPLE(name, file, driver, models, scatter)
#define DMS_WRONG(name, file, driver, mistakes) { name, file, &driver, mistakes },
#include "engine/drivers/dms-sample-list.h"
#undef DMS_MODEL
#undef DMS_SAMPLE
#undef DMS_WRONG
};

static const char *const names[] = {
#define DMS_MODEL(name, model, traits)
#define DMS_SAMPLE(name, file, driver, models, scatter) name,
#define DMS_WRONG(name, file, driver, mistakes)
#include "engine/drivers/dms-sample-list.h"
#undef DMS_MODEL
#undef DMS_SAMPLE
#undef DMS_WRONG
};

static const char *const files[] = {
#define DMS_MODEL(name, model, traits)
#define DMS_SAMPLE(name, file, driver, models, scatter) file,
#define DMS_WRONG(name, file, driver, mistakes) file,
#include "engine/drivers/dms-sample-list.h"
#undef DMS_MODEL
#undef DMS_SAMPLE
#undef DMS_WRONG
};

/* ---- looking up ---- */

const char *const *
dms_driver_names (size_t *ret_n)
{
  *ret_n = LENGTH (names);
  return names;
}

const char *const *
dms_driver_files (size_t *ret_n)
{
  *ret_n = LENGTH (files);
  return files;
}

const char *const *
dms_simulation_models (size_t *ret_n)
{
  *ret_n = LENGTH (model_names);
  return model_names;
}

const DmsModelRow *
dms_model_find (const char *name)
{
  for (size_t i = 0; i < LENGTH (models); i++)
    if (name != NULL && strcmp (models[i].name, name) == 0)
      return &models[i];
  return NULL;
}

const DmsSample *
dms_sample_find (const char *name)
{
  for (size_t i = 0; i < LENGTH (samples); i++)
    if (name != NULL && strcmp (samples[i].name, name) == 0)
      return &samples[i];
  return NULL;
}

const DmsWrongSample *
dms_sample_wrong (const DmsSample *sample)
{
  for (size_t i = 0; i < LENGTH (wrong_samples); i++)
    if (strcmp (wrong_samples[i].name, sample->name) == 0)
      return &wrong_samples[i];
  return NULL;
}

const char *
dms_driver_file (const char *name)
{
  const DmsSample *sample = dms_sample_find (name);

  return sample == NULL ? NULL : sample->file;
}
