/* dms-check-plan.c — whether requests, mistakes and commands of a scenario can be
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/drivers/dms-check-private.h"

#include "engine/drivers/dms-simulation-private.h"

#include <inttypes.h>
#include <string.h>

/* ---- requests ---- */

static uint64_t
buffer_length (const DmsScenarioBuffer *buffer)
{
  uint64_t length = 0;

  for (size_t m = 0; m < buffer->n_mdls; m++)
    length += buffer->mdls[m].length;
  return length;
}

static void
check_touches (DmsCheck *check, size_t i, uint64_t there)
{
  const DmsScenarioRequest *request = &check->scenario->requests[i];

  for (size_t k = 0; k < request->n_touches; k++)
    {
      const DmsScenarioTouch *touch = &request->touches[k];

      if (touch->length < 1 || touch->length > there
          || touch->start > there - touch->length)
        dms_check_problem (check,
                           "requests[%zu].touch[%zu] is %" PRIu64
                           " bytes from byte %" PRIu64 "; the buffer has %" PRIu64,
                           i,
                           k,
                           touch->length,
                           touch->start,
                           there);
    }
}

static void
check_request (DmsCheck *check, size_t i)
{
  const DmsScenario *scenario = check->scenario;
  const DmsScenarioRequest *request = &scenario->requests[i];

  if (request->device >= scenario->n_devices)
    {
      dms_check_problem (check, "requests[%zu].device is none of the devices", i);
      return;
    }
  if (request->buffer >= scenario->n_buffers)
    {
      dms_check_problem (check, "requests[%zu].buffer is none of the buffers", i);
      return;
    }

  uint64_t there = buffer_length (&scenario->buffers[request->buffer]);

  if (request->start >= there)
    dms_check_problem (check,
                       "requests[%zu].start is %" PRIu64 "; the buffer has %" PRIu64
                       " bytes",
                       i,
                       request->start,
                       there);
  if (request->length > UINT32_MAX)
    dms_check_problem (check,
                       "requests[%zu].length is %" PRIu64
                       "; 0 to 4294967295 bytes are needed",
                       i,
                       request->length);
  if (request->count > DMS_SCENARIO_REPEATS_MAX)
    dms_check_problem (check,
                       "requests[%zu].count is %" PRIu32
                       "; a number from 1 to %u is needed",
                       i,
                       request->count,
                       DMS_SCENARIO_REPEATS_MAX);
  check_touches (check, i, there);
}

/* ---- mistakes ---- */

#define DMS_MISTAKES_LISTED 80

/* What @sample can make, as a list of words. */
static const char *
mistakes_of (const DmsSample *sample, char *text, size_t size)
{
  const char *names[DMS_MISTAKES_LISTED + 1] = { NULL };
  size_t n_mistakes = 0;
  size_t n = 0;
  const DmsMistake *mistakes = dms_mistake_list (&n_mistakes);

  for (size_t i = 0; i < n_mistakes && n < DMS_MISTAKES_LISTED; i++)
    if (dms_sample_can (sample, &mistakes[i]))
      names[n++] = mistakes[i].name;
  return dms_check_words (text, size, names);
}

static void
check_mistake (DmsCheck *check, size_t i)
{
  const DmsScenarioMistake *mistake = &check->scenario->mistakes[i];
  char text[2048];

  if (mistake->device >= check->scenario->n_devices)
    {
      dms_check_problem (check, "mistakes[%zu].device is none of the devices", i);
      return;
    }

  const DmsSample *sample
      = dms_sample_find (check->scenario->devices[mistake->device].driver);
  const DmsMistake *known = dms_mistake_find (mistake->name);

  if (sample->driver == NULL && sample->miniport == NULL)
    dms_check_problem (check,
                       "mistakes[%zu].device has a driver of somebody's own, which "
                       "makes its own mistakes; a sample driver is needed",
                       i);
  else if (known == NULL || !dms_sample_can (sample, known))
    dms_check_problem (check,
                       "mistakes[%zu].name is \"%.64s\"; the driver %s can make %s",
                       i,
                       mistake->name == NULL ? "" : mistake->name,
                       sample->name,
                       mistakes_of (sample, text, sizeof text));
}

/* Only a driver that hands the buffer over and takes it back has such moments. */
static void
check_early_touches (DmsCheck *check, size_t i)
{
  const DmsScenarioRequest *request = &check->scenario->requests[i];
  const DmsSample *sample
      = dms_sample_find (check->scenario->devices[request->device].driver);

  if ((sample->ways & (DMS_WAY_PUTS | DMS_WAY_MAPS)) != 0)
    return;
  for (size_t k = 0; k < request->n_touches; k++)
    if (request->touches[k].when != DMS_TOUCH_AFTER_COMPLETE)
      dms_check_problem (check,
                         "requests[%zu].touch[%zu].when is not \"after-complete\"; the "
                         "driver %s never touches the buffer itself",
                         i,
                         k,
                         sample->name);
}

/* ---- commands ---- */

/* The bounds that the device's own key has; see DmsCommandKind. */
static uint64_t
most_of_limit (uint32_t which)
{
  static const uint64_t most[] = { 64,
                                   DMS_SCENARIO_REGISTERS_MAX,
                                   DMS_SCENARIO_ELEMENTS_MAX,
                                   UINT32_MAX,
                                   UINT64_C (1) << 20 };

  return which < sizeof most / sizeof *most ? most[which] : 0;
}

static void
check_limit (DmsCheck *check, size_t i)
{
  const DmsScenarioCommand *command = &check->scenario->commands[i];
  uint64_t most = most_of_limit (command->which);
  uint64_t least = command->which == 1 ? 0 : 1;

  if (most == 0)
    dms_check_problem (check, "commands[%zu].limit is none of the limits", i);
  else if (command->value < least || command->value > most)
    dms_check_problem (check,
                       "commands[%zu].value is %" PRIu64 "; a number from %" PRIu64
                       " to %" PRIu64 " is needed",
                       i,
                       command->value,
                       least,
                       most);
}

static void
check_command (DmsCheck *check, size_t i)
{
  const DmsScenarioCommand *command = &check->scenario->commands[i];

  if (command->device >= check->scenario->n_devices)
    dms_check_problem (check, "commands[%zu].device is none of the devices", i);
  if (command->after > DMS_AFTER_STEP)
    dms_check_problem (
        check, "commands[%zu].after is none of the moments that there are", i);
  switch (command->what)
    {
    case DMS_COMMAND_LIMIT:
      check_limit (check, i);
      return;
    case DMS_COMMAND_TAKE:
    case DMS_COMMAND_GIVE:
      if (command->value < 1 || command->value > DMS_SCENARIO_REGISTERS_MAX)
        dms_check_problem (check,
                           "commands[%zu].count is %" PRIu64
                           "; a number from 1 to %u is needed",
                           i,
                           command->value,
                           DMS_SCENARIO_REGISTERS_MAX);
      return;
    case DMS_COMMAND_FAIL:
      if (command->which > 3)
        dms_check_problem (check, "commands[%zu].of is no kind of allocation", i);
      return;
    case DMS_COMMAND_CANCEL:
    case DMS_COMMAND_STOP:
      return;
    }
  dms_check_problem (check, "commands[%zu].do is no command that there is", i);
}

void
dms_check_plan (DmsCheck *check)
{
  const DmsScenario *scenario = check->scenario;

  for (size_t i = 0; i < scenario->n_requests; i++)
    check_request (check, i);
  for (size_t i = 0; i < scenario->n_mistakes; i++)
    check_mistake (check, i);
  for (size_t i = 0; i < scenario->n_commands; i++)
    check_command (check, i);
  if (check->status != DMS_OK)
    return;
  for (size_t i = 0; i < scenario->n_requests; i++)
    check_early_touches (check, i);
}
