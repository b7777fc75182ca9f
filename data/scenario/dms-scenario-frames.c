/* dms-scenario-frames.c — which frames hold a buffer: named, in a row, or drawn by a
 * seed
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/scenario/dms-scenario-parts.h"

#include "data/scenario/dms-scenario-size.h"

#include "engine/core/dms-table.h"
#include "engine/core/dms-units.h"

#include <stdlib.h>

/* Frame 0 belongs to the system, as on a PC. */
#define FIRST_FRAME G_GUINT64_CONSTANT (1)
/* Below 1 MiB a PC has its firmware; random rules stay above unless they are told to.
 */
#define FROM_DEFAULT (G_GUINT64_CONSTANT (1) << 20)

struct DmsFrameBook
{
  const DmsScenario *scenario;
  DmsTable owners; /* frame → number of its buffer, from 1, as a pointer */
  guint64 drawn;   /* random rules so far: each draws from a stream of its own */
};

DmsFrameBook *
dms_frame_book_new (const DmsScenario *scenario)
{
  DmsFrameBook *book = g_new0 (DmsFrameBook, 1);

  book->scenario = scenario;
  dms_table_init (&book->owners);
  return book;
}

void
dms_frame_book_free (DmsFrameBook *book)
{
  if (book == NULL)
    return;
  dms_table_release (&book->owners);
  g_free (book);
}

static guint64
end_of_memory (const DmsFrameBook *book)
{
  return book->scenario->memory >> DMS_PAGE_SHIFT;
}

/* ---- entering frames ---- */

static gboolean
fail_no_memory (const DmsNode *node)
{
  return dms_node_fail (node, " needs more memory than this computer has free");
}

static gboolean
enter (DmsFrameBook *book, const DmsNode *node, gsize buffer, guint64 frame)
{
  gpointer owner = dms_table_get (&book->owners, frame);

  if (owner != NULL)
    return dms_node_fail (
        node,
        " names frame 0x%" G_GINT64_MODIFIER
        "X, which buffer \"%s\" has already; each frame holds one page",
        frame,
        book->scenario->buffers[GPOINTER_TO_SIZE (owner) - 1].name);
  if (!dms_table_put (&book->owners, frame, GSIZE_TO_POINTER (buffer + 1)))
    return fail_no_memory (node);
  return TRUE;
}

/* Offset and length are within bounds by now, so that this cannot wrap. */
static gboolean
allocate (DmsFrameBook *book, const DmsNode *node, DmsScenarioMdl *mdl)
{
  guint64 pages = dms_span_pages (mdl->offset, mdl->length);
  guint64 more = book->owners.n + pages;

  if (more > DMS_SCENARIO_FRAMES_MAX)
    return dms_node_fail (node,
                          " would be %" G_GUINT64_FORMAT
                          " frames with those before; all buffers together may have %u",
                          more,
                          DMS_SCENARIO_FRAMES_MAX);
  mdl->frames = calloc ((size_t)pages, sizeof *mdl->frames);
  if (mdl->frames == NULL)
    return fail_no_memory (node);
  mdl->n_frames = (size_t)pages;
  return TRUE;
}

/* ---- named frames ---- */

static gboolean
read_list (DmsFrameBook *book, const DmsNode *node, gsize buffer, DmsScenarioMdl *mdl)
{
  guint64 pages = dms_span_pages (mdl->offset, mdl->length);
  gsize entries = dms_node_entries (node);

  if (entries != pages)
    return dms_node_fail (node,
                          " has %" G_GSIZE_FORMAT " entries; %" G_GUINT64_FORMAT
                          " bytes from offset %u touch %" G_GUINT64_FORMAT
                          " pages, and each needs its frame",
                          entries,
                          mdl->length,
                          mdl->offset,
                          pages);
  if (!allocate (book, node, mdl))
    return FALSE;
  for (gsize i = 0; i < entries; i++)
    {
      DmsNode entry = dms_node_entry (node, i);
      if (!dms_node_number_within (&entry,
                                   DMS_KEY_FRAME,
                                   FIRST_FRAME,
                                   end_of_memory (book) - 1,
                                   &mdl->frames[i])
          || !enter (book, &entry, buffer, mdl->frames[i]))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_contiguous (DmsFrameBook *book,
                 const DmsNode *node,
                 gsize buffer,
                 DmsScenarioMdl *mdl)
{
  guint64 pages = dms_span_pages (mdl->offset, mdl->length);
  guint64 end = end_of_memory (book);
  guint64 first;

  if (pages >= end)
    return dms_node_fail (node,
                          " needs %" G_GUINT64_FORMAT
                          " frames in a row; the memory has %" G_GUINT64_FORMAT,
                          pages,
                          end - FIRST_FRAME);
  if (!dms_node_number_within (node, DMS_KEY_FRAME, FIRST_FRAME, end - pages, &first)
      || !allocate (book, node, mdl))
    return FALSE;
  for (gsize i = 0; i < mdl->n_frames; i++)
    {
      mdl->frames[i] = first + i;
      if (!enter (book, node, buffer, mdl->frames[i]))
        return FALSE;
    }
  return TRUE;
}

/* ---- drawn frames ---- */

typedef struct
{
  guint64 seed;
  guint64 first; /* frames */
  guint64 end;   /* the one behind the last */
} Draw;

/* splitmix64: the same everywhere, and any seed will do. */
static guint64
next_random (guint64 *state)
{
  guint64 bits = *state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  bits = (bits ^ (bits >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  bits = (bits ^ (bits >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return bits ^ (bits >> 31);
}

static gboolean
is_free (const DmsFrameBook *book, guint64 frame)
{
  return dms_table_get (&book->owners, frame) == NULL;
}

/* Most frames of the range are free: throw until one is. */
static gboolean
draw_by_throwing (DmsFrameBook *book,
                  const DmsNode *node,
                  gsize buffer,
                  DmsScenarioMdl *mdl,
                  Draw draw)
{
  for (gsize i = 0; i < mdl->n_frames; i++)
    {
      guint64 frame;
      do
        frame = draw.first + next_random (&draw.seed) % (draw.end - draw.first);
      while (!is_free (book, frame));
      mdl->frames[i] = frame;
      if (!enter (book, node, buffer, frame))
        return FALSE;
    }
  return TRUE;
}

/* The range is small or nearly full: shuffle what is free. */
static gboolean
draw_by_shuffling (DmsFrameBook *book,
                   const DmsNode *node,
                   gsize buffer,
                   DmsScenarioMdl *mdl,
                   Draw draw)
{
  g_autoptr (GArray) left = g_array_new (FALSE, FALSE, sizeof (guint64));

  for (guint64 frame = draw.first; frame < draw.end; frame++)
    if (is_free (book, frame))
      g_array_append_val (left, frame);
  if (left->len < mdl->n_frames)
    return dms_node_fail (node,
                          " needs %" G_GSIZE_FORMAT
                          " frames; %u are free in the range that it names",
                          mdl->n_frames,
                          left->len);
  for (gsize i = 0; i < mdl->n_frames; i++)
    {
      guint at = (guint)(next_random (&draw.seed) % left->len);
      mdl->frames[i] = g_array_index (left, guint64, at);
      g_array_remove_index_fast (left, at);
      if (!enter (book, node, buffer, mdl->frames[i]))
        return FALSE;
    }
  return TRUE;
}

static gboolean
draw_frames (DmsFrameBook *book,
             const DmsNode *node,
             gsize buffer,
             DmsScenarioMdl *mdl,
             Draw draw)
{
  draw.first = MAX (draw.first, FIRST_FRAME);
  draw.end = MIN (draw.end, end_of_memory (book));
  if (draw.first >= draw.end)
    return dms_node_fail (node, " leaves no frame of the memory to choose from");
  if (!allocate (book, node, mdl))
    return FALSE;
  if ((draw.end - draw.first) / 2 > book->owners.n + mdl->n_frames)
    return draw_by_throwing (book, node, buffer, mdl, draw);
  return draw_by_shuffling (book, node, buffer, mdl, draw);
}

static gboolean
read_scattered (const DmsNode *node, Draw *draw)
{
  guint64 from = FROM_DEFAULT;
  guint64 below = DMS_SCENARIO_MEMORY_MAX;

  if (!json_is_object (node->json))
    return dms_node_number_within (node, DMS_KEY_SEED, 0, G_MAXUINT64, &draw->seed);
  if (!dms_node_check_object (node, &dms_scattered_keys)
      || !dms_node_number (node, &dms_scattered_keys, "seed", &draw->seed)
      || !dms_node_number (node, &dms_scattered_keys, "from", &from)
      || !dms_node_number (node, &dms_scattered_keys, "below", &below))
    return FALSE;
  draw->first = (from + DMS_PAGE_MASK) >> DMS_PAGE_SHIFT;
  draw->end = below >> DMS_PAGE_SHIFT;
  return TRUE;
}

/* ---- both rounds ---- */

/* The rule's one member. */
static gboolean
check_rule (const DmsNode *node, DmsNode *ret_rule)
{
  if (!json_is_object (node->json))
    return dms_node_fail_needed (node, "a list of frame numbers, or a rule,");
  if (!dms_node_check_object (node, &dms_frames_keys))
    return FALSE;
  if (json_object_size (node->json) != 1)
    return dms_node_fail (
        node, " must have exactly one of the keys contiguous, scattered and above");
  *ret_rule
      = dms_node_member (node, json_object_iter_key (json_object_iter (node->json)));
  return TRUE;
}

gboolean
dms_read_fixed_frames (DmsFrameBook *book,
                       const DmsNode *node,
                       gsize buffer,
                       DmsScenarioMdl *mdl)
{
  DmsNode rule;

  if (json_is_array (node->json))
    return read_list (book, node, buffer, mdl);
  if (!check_rule (node, &rule))
    return FALSE;
  if (g_str_equal (rule.key, "contiguous"))
    return read_contiguous (book, &rule, buffer, mdl);
  return TRUE;
}

gboolean
dms_read_random_frames (DmsFrameBook *book,
                        const DmsNode *node,
                        gsize buffer,
                        DmsScenarioMdl *mdl)
{
  Draw draw = { .seed = book->scenario->seed + ++book->drawn,
                .first = FROM_DEFAULT >> DMS_PAGE_SHIFT,
                .end = G_MAXUINT64 };
  guint64 above;
  DmsNode rule;

  if (json_is_array (node->json))
    return TRUE;
  if (!check_rule (node, &rule))
    return FALSE;
  if (g_str_equal (rule.key, "contiguous"))
    return TRUE;
  if (g_str_equal (rule.key, "scattered"))
    return read_scattered (&rule, &draw)
           && draw_frames (book, &rule, buffer, mdl, draw);
  if (!dms_node_number (node, &dms_frames_keys, "above", &above))
    return FALSE;
  draw.first = (above + DMS_PAGE_MASK) >> DMS_PAGE_SHIFT;
  return draw_frames (book, &rule, buffer, mdl, draw);
}
