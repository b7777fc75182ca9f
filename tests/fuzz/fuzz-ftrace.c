/* fuzz-ftrace.c — any bytes as a text of ftrace
 *
 * The bytes go through a file in memory. Whatever they are, each line is in one count,
 * the events are possible, and they fold into a state.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/fuzz/fuzz.h"

#include "data/import/dms-import.h"
#include "engine/core/dms-state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

typedef struct
{
  DmsState *state;
  DmsNames *names;
  guint64 n_events;
  guint64 n_unread;
} Taker;

static void
require (gboolean is_so)
{
  if (!is_so)
    abort ();
}

static DmsStatus
take_name (void *data, const DmsName *name)
{
  Taker *taker = data;
  require (g_utf8_validate (name->text, -1, NULL));
  require (dms_names_add (taker->names, name) == DMS_OK);
  return DMS_OK;
}

static DmsStatus
take_event (void *data, const DmsEvent *event)
{
  Taker *taker = data;
  DmsStatus status;

  taker->n_events++;
  require (dms_event_check (event) == DMS_OK);
  status = dms_state_apply (taker->state, event);
  require (status == DMS_OK || status == DMS_ERROR_LIMIT
           || status == DMS_ERROR_NO_MEMORY);
  return status;
}

static gboolean
take_unread (guint64 number, const char *line, const char *reason, gpointer data)
{
  Taker *taker = data;

  taker->n_unread++;
  require (number > 0 && reason != NULL && g_utf8_validate (line, -1, NULL));
  return TRUE;
}

static void
check_tally (const Taker *taker, const DmsImportTally *tally, gboolean is_ok)
{
  require (tally->lines
           == tally->heads + tally->events + tally->others + tally->details
                  + tally->blank + tally->unread);
  require (tally->unread == taker->n_unread);
  require (!is_ok || taker->n_events == tally->events + tally->others);
}

static void
import (const char *path)
{
  Taker taker = { .state = dms_state_new (), .names = dms_names_new () };
  DmsImportTarget target = {
    .sink = { .event = take_event, .name = take_name, .data = &taker },
    .unread = take_unread,
    .data = &taker,
  };
  DmsRunInfo info = { 0 };
  DmsImportTally tally = { 0 };
  g_autoptr (GError) error = NULL;
  gboolean is_ok = dms_import_ftrace_text (path, &target, &info, &tally, NULL, &error);

  require (is_ok == (error == NULL));
  require (is_ok || g_utf8_validate (error->message, -1, NULL));
  check_tally (&taker, &tally, is_ok || taker.n_events == 0);
  g_free (info.title);
  g_free (info.origin);
  g_free (info.system);
  g_free (info.notes);
  dms_names_free (taker.names);
  dms_state_free (taker.state);
}

static gboolean
write_all (int fd, const uint8_t *bytes, size_t length)
{
  while (length > 0)
    {
      ssize_t n = write (fd, bytes, length);
      if (n <= 0)
        return FALSE;
      bytes += n;
      length -= (size_t)n;
    }
  return TRUE;
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t length)
{
  int fd = memfd_create ("given.txt", MFD_CLOEXEC);
  char path[64];

  if (fd < 0)
    return 0;
  (void)dms_import_is_ftrace_text ((const char *)bytes, length);
  if (write_all (fd, bytes, length))
    {
      snprintf (path, sizeof path, "/proc/self/fd/%d", fd);
      import (path);
    }
  close (fd);
  return 0;
}
