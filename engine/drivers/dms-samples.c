/* dms-samples.c — the tables of device models and sample drivers
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/drivers/dms-simulation-private.h"

#include "engine/devices/dms-ahci.h"
#include "engine/devices/dms-bus-master.h"
#include "engine/devices/dms-prd.h"
#include "engine/devices/dms-ring.h"
#include "engine/devices/dms-system-dma.h"
#include "engine/drivers/samples.h"

#include <string.h>

#define LENGTH(array) (sizeof (array) / sizeof *(array))
#define MODELS(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* ---- the list, read once for each table ---- */

static const DmsModelRow models[] = {
#define DMS_MODEL(name, model, traits) { name, &model, traits },
#include "engine/drivers/dms-sample-list.h"
};

static const char *const model_names[] = {
#define DMS_MODEL(name, model, traits) name,
#include "engine/drivers/dms-sample-list.h"
};

static const DmsSample samples[] = {
#define DMS_SAMPLE(name, file, driver, models, scatter, ways)                          \
  { name, file, &driver, NULL, models, DMS_SCATTER_##scatter, ways, 0 },
#define DMS_MINIPORT(name, file, entry, models, scatter, lines, ways)                  \
  { name, file, NULL, entry, models, DMS_SCATTER_##scatter, ways, lines },
#include "engine/drivers/dms-sample-list.h"
};

static const DmsMistake mistakes[] = {
#define DMS_MISTAKE(name, ways) { name, ways },
#include "engine/drivers/dms-sample-list.h"
};

static const char *const names[] = {
#define DMS_SAMPLE(name, file, driver, models, scatter, ways) name,
#define DMS_MINIPORT(name, file, entry, models, scatter, lines, ways) name,
#include "engine/drivers/dms-sample-list.h"
};

static const char *const files[] = {
#define DMS_SAMPLE(name, file, driver, models, scatter, ways) file,
#define DMS_MINIPORT(name, file, entry, models, scatter, lines, ways) file,
#define DMS_SHARED_FILE(file) file,
#define DMS_MISTAKE_FILE(file) file,
#include "engine/drivers/dms-sample-list.h"
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

/* Whatever there is, somebody's own driver may drive. */
static const char *const every_model[] = {
#define DMS_MODEL(name, model, traits) name,
#include "engine/drivers/dms-sample-list.h"
  NULL
};

static const DmsSample own = { .name = DMS_OWN_DRIVER, .models = every_model };

const DmsSample *
dms_sample_find (const char *name)
{
  if (name != NULL && strcmp (name, own.name) == 0)
    return &own;
  for (size_t i = 0; i < LENGTH (samples); i++)
    if (name != NULL && strcmp (samples[i].name, name) == 0)
      return &samples[i];
  return NULL;
}

const DmsMistake *
dms_mistake_find (const char *name)
{
  for (size_t i = 0; i < LENGTH (mistakes); i++)
    if (name != NULL && strcmp (mistakes[i].name, name) == 0)
      return &mistakes[i];
  return NULL;
}

const DmsMistake *
dms_mistake_list (size_t *ret_n)
{
  *ret_n = LENGTH (mistakes);
  return mistakes;
}

bool
dms_sample_can (const DmsSample *sample, const DmsMistake *mistake)
{
  if (sample->driver == NULL && sample->miniport == NULL)
    return false;
  /* What any driver can do wrong is about its adapter: a miniport has none. */
  if (mistake->ways == DMS_WAY_ANY)
    return sample->miniport == NULL;
  return (mistake->ways & sample->ways) != 0;
}

const char *
dms_driver_file (const char *name)
{
  const DmsSample *sample = dms_sample_find (name);

  return sample == NULL ? NULL : sample->file;
}
