/* dms-scenario-size.c — "64 KiB", "0xA311" and back
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/scenario/dms-scenario-size.h"

#include <string.h>

static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };

/* Digits from @text on; returns what stands behind them, NULL when there are none or
 * too many. */
static const char *
read_digits (const char *text, guint64 *ret_number)
{
  guint base = 10;
  guint64 number = 0;

  if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
    {
      base = 16;
      text += 2;
    }
  if (!g_ascii_isxdigit (*text) || (base == 10 && !g_ascii_isdigit (*text)))
    return NULL;
  for (; base == 16 ? g_ascii_isxdigit (*text) : g_ascii_isdigit (*text); text++)
    if (!g_uint64_checked_mul (&number, number, base)
        || !g_uint64_checked_add (&number, number, (guint)g_ascii_xdigit_value (*text)))
      return NULL;
  *ret_number = number;
  return text;
}

gboolean
dms_number_parse (const char *text, guint64 *ret_number)
{
  guint64 number;
  const char *behind = read_digits (text, &number);

  if (behind == NULL || *behind != '\0')
    return FALSE;
  *ret_number = number;
  return TRUE;
}

gboolean
dms_size_parse (const char *text, guint64 *ret_bytes)
{
  guint64 number;
  const char *unit = read_digits (text, &number);
  guint64 factor = 1;
  guint64 bytes;

  if (unit == NULL)
    return FALSE;
  while (*unit == ' ')
    unit++;
  for (gsize i = 0; *unit != '\0' && strcmp (unit, units[i]) != 0; factor <<= 10)
    if (++i == G_N_ELEMENTS (units))
      return FALSE;
  if (!g_uint64_checked_mul (&bytes, number, factor))
    return FALSE;
  *ret_bytes = bytes;
  return TRUE;
}

char *
dms_size_format (guint64 bytes)
{
  guint unit = 0;

  if (bytes == 1)
    return g_strdup ("1 byte");
  if (bytes < 1024 || bytes % 1024 != 0)
    return g_strdup_printf ("%" G_GUINT64_FORMAT " bytes", bytes);
  for (; bytes >= 1024 && bytes % 1024 == 0; bytes /= 1024)
    unit++;
  return g_strdup_printf ("%" G_GUINT64_FORMAT " %s", bytes, units[unit]);
}
