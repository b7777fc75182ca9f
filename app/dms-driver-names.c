/* dms-driver-names.c — names of Windows that a driver may use, and those it may not
 * here
 *
 * SPDX-License-Identifier: MIT
 */
#include "app/dms-driver-names.h"

#include <stdlib.h>
#include <string.h>

typedef struct
{
  const char *name;
  const char *advice;
  gboolean is_family;
} Advice;

static const Advice advices[] = {
#define ADVICE(name, advice) { name, advice, FALSE },
#define ADVICE_FAMILY(name, advice) { name, advice, TRUE },
#include "app/dms-driver-advice-list.h"
#undef ADVICE
#undef ADVICE_FAMILY
};

/* What C and its compilers have, of names that look like those of Windows. */
static const char *const of_c[]
    = { "CHAR_BIT",   "DBG",      "EOF",        "FILE",           "INT_MAX",
        "INT_MIN",    "LONG_MAX", "NDEBUG",     "NULL",           "SIZE_MAX",
        "UINT16_MAX", "UINT32_C", "UINT32_MAX", "UINT64_C",       "UINT64_MAX",
        "UINT8_MAX",  "UINT_MAX", "ULONG_MAX",  "DMASCOPE_DRIVER" };

static int
compare_cb (const void *name, const void *word)
{
  return strcmp (name, *(const char *const *)word);
}

gboolean
dms_driver_name_is_there (const char *name)
{
  if (bsearch (name,
               dms_header_words,
               dms_n_header_words,
               sizeof *dms_header_words,
               compare_cb))
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (of_c); i++)
    if (strcmp (name, of_c[i]) == 0)
      return TRUE;
  return FALSE;
}

static const char *
find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (advices); i++)
    if (!advices[i].is_family && strcmp (name, advices[i].name) == 0)
      return advices[i].advice;
  for (gsize i = 0; i < G_N_ELEMENTS (advices); i++)
    if (advices[i].is_family && g_str_has_prefix (name, advices[i].name))
      return advices[i].advice;
  return NULL;
}

const char *
dms_driver_name_advice (const char *name, DmsNameUse use)
{
  const char *advice = NULL;

  switch (use)
    {
    case DMS_NAME_USE_HEADER:
      return "This header is not here; wdm.h has everything that there is. Leave it "
             "out "
             "and see which names are missing.";
    case DMS_NAME_USE_MEMBER:
      return "No structure of our headers has this member; leave it out, or give "
             "check-driver the file that declares it.";
    case DMS_NAME_USE_ROUTINE:
    case DMS_NAME_USE_OTHER:
      break;
    }
  advice = find (name);
  /* PFOO points at FOO. */
  if (!advice && name[0] == 'P')
    advice = find (name + 1);
  if (advice)
    return advice;
  if (name[0] == '_')
    return "If it is an annotation, #define it away.";
  return use == DMS_NAME_USE_ROUTINE ? "Neither our headers nor these files have it; "
                                       "give check-driver the file "
                                       "that defines it, or leave it out."
                                     : "Neither our headers nor these files have it; "
                                       "give check-driver the file "
                                       "that declares it, or declare it in the driver.";
}
