/* own-driver-trap.c — makes the driver of the example do something terrible at any
 * place
 *
 * DMS_TRAP=ACTION:N acts before the driver's Nth call of a system routine. What was
 * recorded before is told by a line of the log, "trap N", which the trace must have.
 *
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE
#include "engine/wdm/wdm.h"

#undef DbgPrint
#undef KeBugCheckEx

#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef void (*Mark) (const char *routine,
                      const char *file,
                      unsigned line,
                      const char *argument);

/* Deep enough for any stack; the compiler cannot see that nobody needs the bytes. */
static unsigned
fall (unsigned depth)
{
  volatile unsigned char bytes[4096];

  bytes[depth % sizeof bytes] = (unsigned char)depth;
  return depth == 0 ? 0 : fall (depth + 1) + bytes[(depth + 1) % sizeof bytes];
}

static void
write_junk (void)
{
  static const char junk[256] = "this is no record of anything";

  for (int fd = 3; fd < 32; fd++)
    if (write (fd, junk, sizeof junk) > 0)
      continue;
}

static void
act (const char *action, unsigned n)
{
  volatile uintptr_t nowhere = 0x1230;

  if (strcmp (action, "segv") == 0)
    *(volatile int *)nowhere = 1;
  else if (strcmp (action, "stack") == 0)
    n += fall (1);
  else if (strcmp (action, "divide") == 0)
    (void)raise (SIGFPE);
  else if (strcmp (action, "abort") == 0)
    abort ();
  else if (strcmp (action, "bugcheck") == 0)
    KeBugCheckEx (0xE6, 1, 2, 3, 4);
  else if (strcmp (action, "exit") == 0)
    exit (3);
  else if (strcmp (action, "quick-exit") == 0)
    _exit (0);
  else if (strcmp (action, "kill") == 0)
    (void)raise (SIGKILL);
  else if (strcmp (action, "hang") == 0)
    for (;;)
      n++;
  else if (strcmp (action, "flood") == 0)
    for (;;)
      DbgPrint ("flood");
  else if (strcmp (action, "lines") == 0)
    for (unsigned i = 0; i < 20000; i++)
      DbgPrint ("%400s %u", "line", i);
  else if (strcmp (action, "junk") == 0)
    write_junk ();
  else if (strcmp (action, "close") == 0)
    for (int fd = 3; fd < 32; fd++)
      (void)close (fd);
}

/* In the place of the library's: macros of wdm.h call it. */
void
dms_mark (const char *routine, const char *file, unsigned line, const char *argument)
{
  static unsigned n;
  const char *trap = getenv ("DMS_TRAP");
  const char *colon = trap == NULL ? NULL : strchr (trap, ':');
  Mark mark;
  void *symbol = dlsym (RTLD_NEXT, "dms_mark");

  memcpy (&mark, &symbol, sizeof mark);
  n++;
  if (colon != NULL && (unsigned)atoi (colon + 1) == n)
    {
      char action[32] = "";

      strncat (action, trap, (size_t)(colon - trap) % sizeof action);
      mark ("DbgPrint", file, line, NULL);
      DbgPrint ("trap %u", n);
      act (action, n);
    }
  mark (routine, file, line, argument);
}
