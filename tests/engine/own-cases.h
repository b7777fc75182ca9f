/* own-cases.h — a driver as for Windows that does one thing in its dispatch routine
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include <stddef.h>

typedef struct
{
  const char *name;
  const char *expected; /* words of the run, in their order: see test-own.c */
} OwnCase;

extern const OwnCase own_cases[];
extern const size_t own_n_cases;
/* Which case the driver runs next. */
void own_choose (size_t number);
/* Its DriverEntry, as DmsOwnDriver wants it. */
void (*own_entry (void)) (void);
