/* dms-say.c — numbers as people read them, and templates with names in braces
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/core/dms-sentence.h"

#include <string.h>

const char *
dms_say_translate (const DmsVoice *voice,
                   const char *singular,
                   const char *plural,
                   uint64_t n)
{
  if (voice != NULL && voice->translate != NULL)
    return voice->translate (voice->data, singular, plural, n);
  return plural == NULL || n == 1 ? singular : plural;
}

void
dms_say_number (DmsBytes *bytes, uint64_t n, const DmsVoice *voice)
{
  const char *group = voice == NULL || voice->group == NULL ? " " : voice->group;
  uint64_t groups[8];
  unsigned count = 0;

  do
    {
      groups[count++] = n % 1000;
      n /= 1000;
    }
  while (n > 0);
  dms_bytes_printf (bytes, "%u", (unsigned)groups[--count]);
  while (count > 0)
    dms_bytes_printf (bytes, "%s%03u", group, (unsigned)groups[--count]);
}

typedef struct
{
  uint64_t n;
  const DmsVoice *voice;
} Counted;

static bool
counted_word (void *data, const char *name, size_t length, DmsBytes *bytes)
{
  const Counted *counted = data;
  if (length != 1 || name[0] != 'n')
    return false;
  dms_say_number (bytes, counted->n, counted->voice);
  return true;
}

/* "1 page", "6 pages": a number with its noun is one message with plural forms. */
static void
say_counted (DmsBytes *bytes,
             uint64_t n,
             const char *singular,
             const char *plural,
             const DmsVoice *voice)
{
  Counted counted = { n, voice };
  dms_say_template (
      bytes, dms_say_translate (voice, singular, plural, n), counted_word, &counted);
}

void
dms_say_bytes (DmsBytes *bytes, uint64_t n, const DmsVoice *voice)
{
  say_counted (bytes, n, "{n} byte", "{n} bytes", voice);
}

void
dms_say_pages (DmsBytes *bytes, uint64_t n, const DmsVoice *voice)
{
  say_counted (bytes, n, "{n} page", "{n} pages", voice);
}

void
dms_say_registers (DmsBytes *bytes, uint64_t n, const DmsVoice *voice)
{
  say_counted (bytes, n, "{n} map register", "{n} map registers", voice);
}

void
dms_say_elements (DmsBytes *bytes, uint64_t n, const DmsVoice *voice)
{
  say_counted (bytes, n, "{n} element", "{n} elements", voice);
}

void
dms_say_segments (DmsBytes *bytes, uint64_t n, const DmsVoice *voice)
{
  say_counted (bytes, n, "{n} segment", "{n} segments", voice);
}

void
dms_say_runs (DmsBytes *bytes, uint64_t n, const DmsVoice *voice)
{
  say_counted (bytes, n, "{n} run", "{n} runs", voice);
}

void
dms_say_bits (DmsBytes *bytes, uint64_t n, const DmsVoice *voice)
{
  say_counted (bytes, n, "{n} address line", "{n} address lines", voice);
}

void
dms_say_size (DmsBytes *bytes, uint64_t n, const DmsVoice *voice)
{
  static const char *const units[] = { "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
  unsigned unit = 0;

  if (n < 1024 || n % 1024 != 0)
    {
      dms_say_bytes (bytes, n, voice);
      return;
    }
  n /= 1024;
  while (n >= 1024 && n % 1024 == 0)
    {
      n /= 1024;
      unit++;
    }
  dms_say_number (bytes, n, voice);
  dms_bytes_printf (bytes, " %s", units[unit]);
}

void
dms_say_limit (DmsBytes *bytes, uint64_t highest, const DmsVoice *voice)
{
  if (highest == UINT64_MAX)
    dms_bytes_append_text (bytes, "16 EiB"); /* one more than 64 bits can count */
  else
    dms_say_size (bytes, highest + 1, voice);
}

void
dms_say_address (DmsBytes *bytes, uint64_t address)
{
  unsigned parts[4];
  unsigned count = 0;

  do
    {
      parts[count++] = (unsigned)(address & 0xffff);
      address >>= 16;
    }
  while (address > 0 || count < 2);
  count--;
  /* The lower half of the address space always shows its eight digits, so that
   * addresses stand under each other; above, the leading part is as short as it is. */
  dms_bytes_printf (bytes, count == 1 ? "0x%04X" : "0x%X", parts[count]);
  while (count > 0)
    dms_bytes_printf (bytes, "_%04X", parts[--count]);
}

void
dms_say_frame (DmsBytes *bytes, uint64_t frame)
{
  dms_bytes_printf (bytes, "0x%llX", (unsigned long long)frame);
}

void
dms_say_duration (DmsBytes *bytes, uint64_t ns, const DmsVoice *voice)
{
  static const char *const units[] = { "ns", "µs", "ms", "s" };
  uint64_t whole = 1;
  unsigned unit = 0;

  while (unit < 3 && ns / whole >= 1000)
    {
      whole *= 1000;
      unit++;
    }
  dms_say_number (bytes, ns / whole, voice);
  if (unit > 0)
    dms_bytes_printf (bytes, ".%02u", (unsigned)(ns % whole * 100 / whole));
  dms_bytes_printf (bytes, " %s", units[unit]);
}

void
dms_say_template (
    DmsBytes *bytes,
    const char *template,
    bool (*word) (void *data, const char *name, size_t length, DmsBytes *bytes),
    void *data)
{
  const char *open;

  while ((open = strchr (template, '{')) != NULL)
    {
      const char *close = strchr (open, '}');
      if (close == NULL)
        break;
      dms_bytes_append (bytes, template, (size_t)(open - template));
      if (!word (data, open + 1, (size_t)(close - open - 1), bytes))
        dms_bytes_append (bytes, open, (size_t)(close + 1 - open));
      template = close + 1;
    }
  dms_bytes_append_text (bytes, template);
}
