/* dms-scene.c — what a picture is made of: items, links and their texts
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/scene/dms-scene.h"

#include "ui/scene/dms-scene-private.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum
{
  BLOCK_BYTES = 16384,
  /* Against hostile traces: no picture needs more. */
  ITEMS_MAX = 1 << 20
};

struct DmsBlock
{
  DmsBlock *next;
  size_t capacity;
  size_t used;
  char text[];
};

/* ---- memory ---- */

DmsScene *
dms_scene_new (void)
{
  DmsScene *scene = calloc (1, sizeof *scene);

  if (scene == NULL)
    return NULL;
  dms_bytes_init (&scene->text);
  scene->sentence = "";
  scene->why = "";
  scene->noted = "";
  return scene;
}

void
dms_scene_free (DmsScene *scene)
{
  if (scene == NULL)
    return;
  for (DmsBlock *block = scene->blocks, *next; block != NULL; block = next)
    {
      next = block->next;
      free (block);
    }
  dms_bytes_release (&scene->text);
  free (scene->items);
  free (scene->links);
  free (scene->marks);
  free (scene);
}

static void
clear (DmsScene *scene)
{
  for (DmsBlock *block = scene->blocks; block != NULL; block = block->next)
    block->used = 0;
  scene->block = scene->blocks;
  scene->n_items = 0;
  scene->n_links = 0;
  scene->n_legend = 0;
  scene->sentence = "";
  scene->why = "";
  scene->noted = "";
  scene->failed = false;
  dms_bytes_clear (&scene->text);
}

static DmsBlock *
block_with (DmsScene *scene, size_t room)
{
  DmsBlock **last = &scene->blocks;

  for (DmsBlock *block = scene->block; block != NULL; block = block->next)
    if (block->capacity - block->used >= room)
      {
        scene->block = block;
        return block;
      }
  while (*last != NULL)
    last = &(*last)->next;

  size_t capacity = room > BLOCK_BYTES ? room : BLOCK_BYTES;
  DmsBlock *block = malloc (sizeof *block + capacity);
  if (block == NULL)
    return NULL;
  *block = (DmsBlock){ .capacity = capacity };
  *last = block;
  scene->block = block;
  return block;
}

const char *
dms_scene_keep (DmsScene *scene, const char *text)
{
  size_t length = strlen (text) + 1;
  DmsBlock *block = length == 1 ? NULL : block_with (scene, length);

  if (block == NULL)
    {
      scene->failed |= length > 1;
      return "";
    }
  char *kept = block->text + block->used;
  memcpy (kept, text, length);
  block->used += length;
  return kept;
}

const char *
dms_scene_keep_text (DmsScene *scene)
{
  scene->failed |= scene->text.failed;
  const char *kept = dms_scene_keep (scene, dms_bytes_text (&scene->text));
  dms_bytes_clear (&scene->text);
  return kept;
}

/* Room for one more in an array that doubles; NULL when there is none. */
static void *
grown (void *array, size_t n, size_t *capacity, size_t size)
{
  if (n < *capacity)
    return array;
  if (n >= ITEMS_MAX)
    return NULL;
  size_t more = *capacity == 0 ? 64 : *capacity * 2;
  void *larger = realloc (array, more * size);
  if (larger != NULL)
    *capacity = more;
  return larger;
}

/* ---- items ---- */

size_t
dms_scene_add (DmsScene *scene, DmsItemKind kind, DmsLook look, DmsRect rect)
{
  DmsItem *items = grown (
      scene->items, scene->n_items, &scene->items_capacity, sizeof *scene->items);

  if (items == NULL)
    {
      scene->failed = true;
      scene->spare_item = (DmsItem){ .kind = kind, .rect = rect };
      return DMS_NO_ITEM;
    }
  scene->items = items;
  items[scene->n_items]
      = (DmsItem){ .kind = kind, .look = look, .rect = rect, .sentence = "" };
  return scene->n_items++;
}

DmsItem *
dms_scene_item (DmsScene *scene, size_t item)
{
  return item < scene->n_items ? &scene->items[item] : &scene->spare_item;
}

void
dms_scene_set_id (DmsScene *scene, size_t item, const char *format, ...)
{
  DmsItem *it = dms_scene_item (scene, item);
  va_list arguments;

  va_start (arguments, format);
  /* Ids have bounded parts; a cut one would only be found less well. */
  (void)vsnprintf (it->id, sizeof it->id, format, arguments);
  va_end (arguments);
}

void
dms_scene_add_line (DmsScene *scene, size_t item, const char *line)
{
  DmsItem *it = dms_scene_item (scene, item);

  if (it->n_lines < DMS_ITEM_LINES_MAX)
    it->lines[it->n_lines++] = line;
}

void
dms_scene_set_sentence (DmsScene *scene, size_t item, const char *sentence)
{
  DmsItem *it = dms_scene_item (scene, item);

  it->sentence = sentence;
  it->focusable = true;
}

size_t
dms_scene_add_note (DmsScene *scene, DmsRect rect, DmsAlign align, const char *text)
{
  size_t note = dms_scene_add (scene, DMS_ITEM_NOTE, DMS_LOOK_PLAIN, rect);

  dms_scene_item (scene, note)->align = align;
  dms_scene_add_line (scene, note, text);
  return note;
}

DmsLink *
dms_scene_add_link (DmsScene *scene, DmsLinkKind kind, size_t from, size_t to)
{
  DmsLink *links = grown (
      scene->links, scene->n_links, &scene->links_capacity, sizeof *scene->links);

  if (links == NULL)
    {
      scene->failed = true;
      scene->spare_link = (DmsLink){ .kind = kind };
      return &scene->spare_link;
    }
  scene->links = links;
  links[scene->n_links] = (DmsLink){ .kind = kind, .from = from, .to = to };
  return &links[scene->n_links++];
}

/* ---- texts ---- */

typedef struct
{
  const DmsWord *words;
  const DmsVoice *voice;
} Telling;

static bool
tell_word (void *data, const char *name, size_t length, DmsBytes *bytes)
{
  const Telling *telling = data;
  const DmsWord *word = telling->words;

  while (word->name != NULL
         && (strlen (word->name) != length || memcmp (word->name, name, length) != 0))
    word++;
  if (word->name == NULL)
    return false;
  switch (word->kind)
    {
    case DMS_WORD_TEXT:
      dms_bytes_append_text (bytes, word->text);
      break;
    case DMS_WORD_NUMBER:
      dms_say_number (bytes, word->value, telling->voice);
      break;
    case DMS_WORD_BYTES:
      dms_say_bytes (bytes, word->value, telling->voice);
      break;
    case DMS_WORD_SIZE:
      dms_say_size (bytes, word->value, telling->voice);
      break;
    case DMS_WORD_ADDRESS:
      dms_say_address (bytes, word->value);
      break;
    case DMS_WORD_FRAME:
      dms_say_frame (bytes, word->value);
      break;
    case DMS_WORD_LIMIT:
      dms_say_limit (bytes, word->value, telling->voice);
      break;
    }
  return true;
}

const char *
dms_scene_tell (DmsScene *scene,
                const DmsVoice *voice,
                const char *template,
                const DmsWord *words)
{
  Telling telling = { words, voice };

  dms_say_template (
      &scene->text, dms_say_translate (voice, template, NULL, 0), tell_word, &telling);
  return dms_scene_keep_text (scene);
}

/* ---- a scene as a whole ---- */

void
dms_scene_mark_chosen (DmsScene *scene, const char *chosen)
{
  size_t item = chosen == NULL ? DMS_NO_ITEM : dms_scene_find (scene, chosen);

  if (item == DMS_NO_ITEM)
    return;
  for (size_t i = 0; i < scene->n_items; i++)
    scene->items[i].chosen = i == item;
}

void
dms_scene_set_facts (DmsScene *scene, const DmsEvent *facts, size_t n)
{
  scene->n_facts = n < DMS_SCENE_FACTS_MAX ? n : DMS_SCENE_FACTS_MAX;
  for (size_t i = 0; i < scene->n_facts; i++)
    {
      scene->facts[i] = facts[i];
      scene->facts[i].payload = NULL;
      scene->facts[i].payload_length = 0;
    }
}

/* A step that begins with a fact speaks of it by itself. */
static void
tell_facts (DmsScene *scene, const DmsSceneInput *input)
{
  for (size_t i = 0; i < scene->n_facts; i++)
    {
      if (scene->facts[i].seq == input->event->seq)
        continue;
      if (scene->text.length > 0)
        dms_bytes_append_text (&scene->text, " ");
      dms_event_sentence (
          &scene->text, &scene->facts[i], input->state, input->names, input->voice);
    }
  scene->noted = dms_scene_keep_text (scene);
  scene->n_facts = 0;
}

double
dms_scene_place_bottom (DmsScene *scene, const DmsSceneInput *input)
{
  enum
  {
    MARGIN = 16,
    LEGEND = 26,
    LINE = 20
  };
  /* Room for the longest sentence of the list of events, so that nothing moves. */
  double lines = scene->width >= 1000 ? 3 : scene->width >= 760 ? 4 : 5;
  double height = lines * LINE + 18;
  DmsRect sentence = { .x = MARGIN + 10,
                       .y = scene->height - MARGIN - height,
                       .width = scene->width - 2 * (MARGIN + 10),
                       .height = height };

  scene->sentence_rect = sentence;
  scene->legend_rect = (DmsRect){ .x = sentence.x,
                                  .y = sentence.y - LEGEND - 10,
                                  .width = sentence.width,
                                  .height = LEGEND };
  if (input->event->kind != DMS_EVENT_NONE)
    {
      dms_event_sentence (
          &scene->text, input->event, input->state, input->names, input->voice);
      scene->sentence = dms_scene_keep_text (scene);
      dms_event_why (
          &scene->text, input->event, input->state, input->names, input->voice);
      scene->why = dms_scene_keep_text (scene);
    }
  tell_facts (scene, input);
  return scene->legend_rect.y - 14;
}

DmsStatus
dms_scene_build (DmsScene *scene,
                 const DmsState *state,
                 const DmsEvent *event,
                 const DmsEvent *last,
                 const DmsNames *names,
                 const DmsVoice *voice,
                 const char *chosen,
                 double width,
                 double height)
{
  static const DmsEvent none = { .kind = DMS_EVENT_NONE };
  DmsSceneInput input = {
    .state = state,
    .event = event == NULL ? &none : event,
    .last = last != NULL    ? last
            : event == NULL ? &none
                            : event,
    .names = names,
    .voice = voice,
    .chosen = chosen,
    .width = width,
    .height = height,
  };

  clear (scene);
  if (state->recorded)
    dms_memory_scene_build (scene, &input);
  else
    dms_stage_scene_build (scene, &input);
  dms_scene_make_legend (scene, voice);
  dms_scene_mark_chosen (scene, chosen);
  return scene->failed ? DMS_ERROR_NO_MEMORY : DMS_OK;
}

/* ---- what others read ---- */

void
dms_scene_size (const DmsScene *scene, double *ret_width, double *ret_height)
{
  *ret_width = scene->width;
  *ret_height = scene->height;
}

const DmsItem *
dms_scene_items (const DmsScene *scene, size_t *ret_n)
{
  *ret_n = scene->n_items;
  return scene->items;
}

const DmsLink *
dms_scene_links (const DmsScene *scene, size_t *ret_n)
{
  *ret_n = scene->n_links;
  return scene->links;
}

const DmsLegendEntry *
dms_scene_legend (const DmsScene *scene, size_t *ret_n)
{
  *ret_n = scene->n_legend;
  return scene->legend;
}

const char *
dms_scene_sentence (const DmsScene *scene)
{
  return scene->sentence;
}

const char *
dms_scene_why (const DmsScene *scene)
{
  return scene->why;
}

const char *
dms_scene_noted (const DmsScene *scene)
{
  return scene->noted;
}

DmsRect
dms_scene_legend_rect (const DmsScene *scene)
{
  return scene->legend_rect;
}

DmsRect
dms_scene_sentence_rect (const DmsScene *scene)
{
  return scene->sentence_rect;
}
