/* dms-leak-scope.c — leaks count from main() on, not while libraries are being loaded
 *
 * GLib allocates its first block of quarks in a constructor, before main(), and drops
 * it on purpose when a program has interned more than 2048 names, because readers
 * without a lock may still look at it. A window of GTK, libadwaita and GtkSourceView
 * interns more. The stack that the leak checker sees ends in GLib's allocator, so a
 * suppression for it would hide every leak through GLib; instead nothing that
 * constructors of libraries allocate is counted. Linked into programs with windows, in
 * sanitizer builds only.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sanitizer/lsan_interface.h>

/* The program's own pre-initialisers run before the constructors of its libraries, and
 * its own constructors after them. */
typedef void (*Initialiser) (void);

__attribute__ ((used, section (".preinit_array"))) static const Initialiser begin
    = __lsan_disable;

__attribute__ ((constructor)) static void
end (void)
{
  __lsan_enable ();
}
