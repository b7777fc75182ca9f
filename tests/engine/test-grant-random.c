/* test-grant-random.c — mapping against a model that is slow and obvious
 *
 * The model walks byte by byte: it knows where each byte of a chain lies, and what its
 * device may be told of it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/kernel/dms-iommu.h"
#include "engine/kernel/dms-pattern.h"
#include "tests/engine/grant-play.h"

enum
{
  N_SCENARIOS = 400,
  N_OPERATIONS = 12
};

/* ---- the model: byte by byte ---- */

typedef struct
{
  uint64_t physical, logical;
  size_t mdl;
} Byte;

/* Where byte @at of the buffer lies. */
static Byte
find_byte (const DmsBuffer *buffer, uint64_t at)
{
  Byte byte = { 0, 0, 0 };

  while (at >= buffer->mdls[byte.mdl].length)
    at -= buffer->mdls[byte.mdl++].length;

  const DmsMdl *mdl = &buffer->mdls[byte.mdl];
  uint64_t in_pages = mdl->address % 4096 + at;

  byte.physical = mdl->frames[in_pages / 4096] * 4096 + in_pages % 4096;
  return byte;
}

/* What the device was told of @n bytes from @start on. */
static Byte *
find_bytes (const DmsBuffer *buffer,
            uint64_t start,
            uint64_t n,
            const DmsListElement *elements,
            uint32_t n_elements)
{
  Byte *bytes = g_new0 (Byte, n);
  uint64_t i = 0;

  for (uint32_t e = 0; e < n_elements; e++)
    {
      g_assert_cmpuint (elements[e].length, >, 0);
      for (uint64_t k = 0; k < elements[e].length; k++, i++)
        {
          g_assert_cmpuint (i, <, n);
          bytes[i] = find_byte (buffer, start + i);
          bytes[i].logical = elements[e].logical + k;
        }
    }
  g_assert_cmpuint (i, ==, n);
  return bytes;
}

/* The grant's register whose bounce page, or translation, @logical is in; -1 = none. */
static int64_t
register_of (const DmsMachine *machine, const DmsGrant *grant, uint64_t logical)
{
  for (uint32_t r = grant->first_register;
       r < grant->first_register + grant->n_registers;
       r++)
    {
      const DmsDevice *device = grant->adapter->device;
      uint64_t page = dms_iommu_is_before (device)
                          ? dms_iommu_logical (machine, device, r) / 4096
                          : machine->pool.registers[r].frame;

      if (page == logical / 4096)
        return (int64_t)r;
    }
  return -1;
}

static bool
bounces (const Byte *byte)
{
  return byte->physical != byte->logical;
}

/* Bytes @i and @i + 1 belong into one element: nothing that the documentation or the
 * HAL has between them. */
static bool
belong_together (const Play *play, const DmsGrant *grant, const Byte *bytes, uint64_t i)
{
  bool is_remapped = dms_iommu_is_before (grant->adapter->device);

  if (bytes[i].mdl != bytes[i + 1].mdl || bytes[i].logical + 1 != bytes[i + 1].logical)
    return false;
  if (bytes[i + 1].physical % 4096 != 0 || is_remapped
      || !grant->adapter->scatter_gather || play->scenario.hal_x86)
    return true;
  return !bounces (&bytes[i]) && !bounces (&bytes[i + 1]);
}

/* The part of one MDL that an adapter without scatter/gather gets: straight when it can
 * be, in any case in a row. */
static void
check_row (const DmsGrant *grant, const Byte *bytes, uint64_t first, uint64_t n)
{
  bool is_straight = true;

  for (uint64_t i = first; i < first + n; i++)
    is_straight = is_straight && bytes[i].physical <= grant->adapter->highest
                  && bytes[i].physical == bytes[first].physical + (i - first);
  for (uint64_t i = first; i < first + n; i++)
    {
      g_assert_cmpuint (bounces (&bytes[i]), ==, !is_straight);
      g_assert_cmphex (bytes[i].logical, ==, bytes[first].logical + (i - first));
    }
}

static void
check_rows (const DmsGrant *grant, const Byte *bytes, uint64_t n)
{
  uint64_t first = 0;

  for (uint64_t i = 1; i <= n; i++)
    if (i == n || bytes[i].mdl != bytes[first].mdl)
      {
        check_row (grant, bytes, first, i - first);
        first = i;
      }
}

static void
check_byte (const Play *play, const DmsGrant *grant, const Byte *byte)
{
  bool is_remapped = dms_iommu_is_before (grant->adapter->device);

  g_assert_cmphex (byte->logical % 4096, ==, byte->physical % 4096);
  g_assert_cmphex (byte->logical, <=, grant->adapter->highest);
  if (is_remapped || bounces (byte))
    g_assert_cmpint (register_of (&play->machine, grant, byte->logical), >=, 0);
  if (!is_remapped && grant->adapter->scatter_gather)
    g_assert_cmpuint (bounces (byte), ==, byte->physical > grant->adapter->highest);
}

/* Pages of MDLs that the bytes touch. */
static uint32_t
count_pages (const Byte *bytes, uint64_t n)
{
  uint32_t pages = 0;

  for (uint64_t i = 0; i < n; i++)
    pages += i == 0 || bytes[i].mdl != bytes[i - 1].mdl
             || bytes[i].physical / 4096 != bytes[i - 1].physical / 4096;
  return pages;
}

/* What was mapped of @wanted bytes is right, and as much as there could be. */
static void
check_mapping (const Play *play,
               const DmsGrant *grant,
               const Byte *bytes,
               uint64_t n,
               uint64_t wanted,
               const DmsListElement *elements,
               uint32_t n_elements,
               uint32_t max_elements)
{
  uint64_t end = 0;
  uint32_t pages = count_pages (bytes, n);

  for (uint64_t i = 0; i < n; i++)
    check_byte (play, grant, &bytes[i]);
  if (!grant->adapter->scatter_gather && !dms_iommu_is_before (grant->adapter->device))
    check_rows (grant, bytes, n);
  for (uint32_t e = 0; e < n_elements; e++)
    {
      for (uint64_t k = 0; k + 1 < elements[e].length; k++)
        g_assert_true (belong_together (play, grant, bytes, end + k));
      end += elements[e].length;
      if (end < n)
        g_assert_false (belong_together (play, grant, bytes, end - 1));
    }
  g_assert_cmpuint (pages, <=, grant->room);
  g_assert_cmpuint (n_elements, <=, max_elements);
  if (n < wanted)
    g_assert_true (pages == grant->room || n_elements == max_elements);
}

/* ---- bytes, as a device would move them ---- */

static uint8_t *
memory_at (Play *play, const DmsGrant *grant, uint64_t logical)
{
  const DmsGrantPage *page
      = dms_grant_page_at (&play->machine, grant->adapter->device, logical);

  g_assert_nonnull (page);
  g_assert_true (page->grant == grant);

  uint64_t frame
      = dms_iommu_is_before (grant->adapter->device) ? page->frame : logical / 4096;

  return dms_memory_page (&play->machine.memory, frame) + logical % 4096;
}

/* Remembers the buffer and lets the device read or write what is mapped. */
static uint8_t *
move (Play *play, const DmsGrant *grant, const Byte *bytes, uint64_t start, uint64_t n)
{
  DmsBuffer *buffer = &play->machine.buffers[0];
  uint8_t *expected = g_malloc (buffer->length);

  dms_buffer_read (buffer, 0, expected, (size_t)buffer->length);
  for (uint64_t i = 0; i < n; i++)
    {
      uint8_t *at = memory_at (play, grant, bytes[i].logical);

      if (grant->to_device)
        g_assert_cmpuint (*at, ==, expected[start + i]);
      else
        *at = expected[start + i] = (uint8_t)dms_test_random_next (&play->maker.random);
    }
  return expected;
}

static void
check_buffer (Play *play, uint8_t *expected)
{
  DmsBuffer *buffer = &play->machine.buffers[0];
  g_autofree uint8_t *there = g_malloc (buffer->length);

  dms_buffer_read (buffer, 0, there, (size_t)buffer->length);
  g_assert_cmpmem (there, (size_t)buffer->length, expected, (size_t)buffer->length);
  g_free (expected);
}

static void
choose_range (Play *play, uint64_t *start, uint64_t *length)
{
  uint64_t n = play->machine.buffers[0].length;

  *start = chance (play, 40) ? 0 : below (play, n);
  *length = chance (play, 40) ? n - *start : range (play, 1, n - *start);
  dms_buffer_fill (
      &play->machine.buffers[0], 0, n, dms_test_random_next (&play->maker.random));
}

/* The chain of the buffer, from the MDL that has byte *@start on; *@start is counted in
 * there afterwards. */
static size_t
chain_from (DmsBuffer *buffer, uint64_t *start, DmsMdl **mdls)
{
  size_t first = 0;
  size_t n = 0;

  while (*start >= buffer->mdls[first].length)
    *start -= buffer->mdls[first++].length;
  for (size_t i = first; i < buffer->n_mdls; i++)
    mdls[n++] = &buffer->mdls[i];
  return n;
}

/* ---- lists ---- */

static void
keep_list (DmsMachine *machine, DmsList *list)
{
  (void)machine;
  *(DmsList **)list->data.context = list;
}

static void
play_list (Play *play, DmsAdapter *adapter)
{
  DmsBuffer *buffer = &play->machine.buffers[0];
  DmsMdl *mdls[4];
  DmsList *list = NULL;
  uint64_t start = 0;
  uint64_t length = 0;
  bool to_device = chance (play, 50);

  choose_range (play, &start, &length);

  uint64_t skip = start;
  size_t n_mdls = chain_from (buffer, &skip, mdls);
  DmsListRequest request = { .adapter = adapter,
                             .mdls = mdls,
                             .n_mdls = n_mdls,
                             .address = mdls[0]->address + skip,
                             .length = length,
                             .to_device = to_device,
                             .deliver = keep_list,
                             .data = { .context = &list },
                             .callback = "Keep" };
  uint32_t status = dms_list_get (&play->machine, &request);

  if (status != DMS_NT_SUCCESS)
    {
      g_assert_cmphex (status, ==, DMS_NT_INSUFFICIENT_RESOURCES);
      g_assert_null (list);
      return;
    }
  g_assert_nonnull (list);

  g_autofree Byte *bytes
      = find_bytes (buffer, start, length, list->elements, list->n_elements);

  check_mapping (
      play, list, bytes, length, length, list->elements, list->n_elements, UINT32_MAX);
  g_assert_cmpuint (count_pages (bytes, length), ==, list->n_registers);

  uint8_t *expected = move (play, list, bytes, start, length);

  dms_list_put (&play->machine, list, to_device);
  check_buffer (play, expected);
}

/* ---- grants ---- */

static DmsAction
keep_grant (DmsMachine *machine, DmsGrant *grant)
{
  (void)machine;
  (void)grant;
  return DMS_ACTION_KEEP_REGISTERS;
}

/* Maps and flushes a part; bytes that are mapped now. */
static uint64_t
play_part (Play *play, DmsGrant *grant, uint64_t start, uint64_t length, bool to_device)
{
  DmsBuffer *buffer = &play->machine.buffers[0];
  DmsMdl *mdls[4];
  DmsListElement elements[64];
  bool whole_chain = chance (play, 60);
  uint64_t skip = start;
  size_t n_mdls = chain_from (buffer, &skip, mdls);
  DmsMapRange part
      = { .mdls = mdls,
          .n_mdls = whole_chain ? n_mdls : 1,
          .skip = skip,
          .length = whole_chain ? length : MIN (length, mdls[0]->length - skip),
          .to_device = to_device,
          .whole_chain = whole_chain,
          .max_elements = whole_chain ? (uint32_t)range (play, 1, 6) : 1 };
  uint32_t n = 0;
  uint64_t mapped = 0;

  g_assert_cmphex (dms_grant_map (&play->machine, grant, &part, elements, &n, &mapped),
                   ==,
                   DMS_NT_SUCCESS);
  g_assert_cmpuint (mapped, >, 0);
  g_assert_cmpuint (mapped, <=, part.length);

  g_autofree Byte *bytes = find_bytes (buffer, start, mapped, elements, n);

  check_mapping (
      play, grant, bytes, mapped, part.length, elements, n, part.max_elements);

  uint8_t *expected = move (play, grant, bytes, start, mapped);

  part.length = mapped;
  g_assert_cmphex (dms_grant_flush (&play->machine, grant, &part), ==, DMS_NT_SUCCESS);
  g_assert_cmpuint (grant->n_live, ==, 0);
  check_buffer (play, expected);
  return mapped;
}

static void
play_grant (Play *play, DmsAdapter *adapter)
{
  DmsGrant *grant = NULL;
  DmsGrantRequest request = { .adapter = adapter,
                              .count = (uint32_t)range (play, 1, adapter->allowed),
                              .deliver = keep_grant,
                              .callback = "Keep" };
  uint64_t start = 0;
  uint64_t length = 0;
  bool to_device = chance (play, 50);

  choose_range (play, &start, &length);
  g_assert_cmphex (
      dms_grant_ask (&play->machine, &request, &grant), ==, DMS_NT_SUCCESS);
  g_assert_nonnull (grant);
  while (length > 0)
    {
      uint64_t mapped = play_part (play, grant, start, length, to_device);

      start += mapped;
      length -= mapped;
    }
  dms_grant_free_registers (&play->machine, adapter, grant, request.count);
}

/* MapTransfer's caller takes care that the registers are enough; what it is told when
 * they are not is another test. */
static void
check_facts (const Play *play)
{
  const DmsEvent *event = NULL;

  for (guint i = 0; (event = fixture_find (&play->run, DMS_EVENT_FACT, i)) != NULL; i++)
    g_assert_cmpstr (dms_fact_info (event->index)->name, ==, "too-few-registers");
}

static void
test_mapping (void)
{
  for (uint64_t salt = 1; salt <= N_SCENARIOS; salt++)
    {
      Play play;

      g_test_message ("scenario %" G_GUINT64_FORMAT, salt);
      play_begin (&play, salt);
      for (int i = 0; i < N_OPERATIONS; i++)
        {
          DmsAdapter *adapter = play.adapters[below (&play, play.machine.n_devices)];

          if (chance (&play, 40))
            play_list (&play, adapter);
          else
            play_grant (&play, adapter);
          while (dms_machine_step (&play.machine) == DMS_OK)
            continue;
        }
      check_facts (&play);
      play_end (&play);
    }
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/grant/random/mapping", test_mapping);
  return g_test_run ();
}
