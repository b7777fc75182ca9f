/* dms-scene-private.h — how the layouts put items, links and texts into a scene
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "ui/scene/dms-scene.h"

#define DMS_SCENE_LEGEND_MAX 16

/* A block of the arena that holds the texts; blocks are kept between scenes. */
typedef struct DmsBlock DmsBlock;

/* Invariants: the arrays are NULL only with capacity 0; texts live in the blocks until
 * the next build; once failed (no memory) additions go to the spare ones and the build
 * reports it. */
struct DmsScene
{
  DmsItem *items;
  size_t n_items, items_capacity;
  DmsLink *links;
  size_t n_links, links_capacity;
  DmsLegendEntry legend[DMS_SCENE_LEGEND_MAX];
  size_t n_legend;
  DmsBlock *blocks; /* all of them, first to last */
  DmsBlock *block;  /* the one that takes texts now */
  DmsBytes text;    /* the text in the making */
  uint64_t *marks;  /* bits: what is mapped where in the memory map */
  size_t marks_capacity;
  double width, height;
  const char *sentence;
  const char *why;
  const char *noted;
  DmsEvent facts[DMS_SCENE_FACTS_MAX];
  size_t n_facts;
  DmsRect legend_rect;
  DmsRect sentence_rect;
  bool failed;
  DmsItem spare_item;
  DmsLink spare_link;
};

/* A named word of a template; the array ends with name NULL. */
typedef enum
{
  DMS_WORD_TEXT,
  DMS_WORD_NUMBER,
  DMS_WORD_BYTES,
  DMS_WORD_SIZE,
  DMS_WORD_ADDRESS,
  DMS_WORD_FRAME,
  DMS_WORD_LIMIT /* the first address behind the highest one */
} DmsWordKind;

typedef struct
{
  const char *name;
  DmsWordKind kind;
  uint64_t value;
  const char *text;
} DmsWord;

#define DMS_TEXT(name, words)                                                          \
  {                                                                                    \
    name, DMS_WORD_TEXT, 0, words                                                      \
  }
#define DMS_NUMBER(name, value)                                                        \
  {                                                                                    \
    name, DMS_WORD_NUMBER, value, NULL                                                 \
  }
#define DMS_BYTES(name, value)                                                         \
  {                                                                                    \
    name, DMS_WORD_BYTES, value, NULL                                                  \
  }
#define DMS_SIZE(name, value)                                                          \
  {                                                                                    \
    name, DMS_WORD_SIZE, value, NULL                                                   \
  }
#define DMS_ADDRESS(name, value)                                                       \
  {                                                                                    \
    name, DMS_WORD_ADDRESS, value, NULL                                                \
  }
#define DMS_FRAME(name, value)                                                         \
  {                                                                                    \
    name, DMS_WORD_FRAME, value, NULL                                                  \
  }
#define DMS_LIMIT(name, value)                                                         \
  {                                                                                    \
    name, DMS_WORD_LIMIT, value, NULL                                                  \
  }

/* Items are named by index: pointers hold only until the next addition. */
size_t dms_scene_add (DmsScene *scene, DmsItemKind kind, DmsLook look, DmsRect rect);
DmsItem *dms_scene_item (DmsScene *scene, size_t item);
void dms_scene_set_id (DmsScene *scene, size_t item, const char *format, ...)
    DMS_PRINTF (3, 4);
/* A line of text in the item's box, below the lines before. */
void dms_scene_add_line (DmsScene *scene, size_t item, const char *line);
/* What it is, for tooltip and screen reader; makes it focusable. */
void dms_scene_set_sentence (DmsScene *scene, size_t item, const char *sentence);
/* A line of text of its own that nothing refers to. */
size_t
dms_scene_add_note (DmsScene *scene, DmsRect rect, DmsAlign align, const char *text);
DmsLink *dms_scene_add_link (DmsScene *scene, DmsLinkKind kind, size_t from, size_t to);

/* Keeps a copy of @text; "" without memory. */
const char *dms_scene_keep (DmsScene *scene, const char *text);
/* Keeps scene->text and empties it. */
const char *dms_scene_keep_text (DmsScene *scene);
/* Translates @template, fills in @words, keeps the outcome. */
const char *dms_scene_tell (DmsScene *scene,
                            const DmsVoice *voice,
                            const char *template,
                            const DmsWord *words);
#define DMS_TELL(scene, voice, template, ...)                                          \
  dms_scene_tell (scene, voice, template, (const DmsWord[]){ __VA_ARGS__, { 0 } })

/* Everything that a layout is made from. */
typedef struct
{
  const DmsState *state;
  const DmsEvent *event; /* opened the step; never NULL, kind NONE before the first */
  const DmsEvent *last;  /* of the step; never NULL */
  const DmsNames *names;
  const DmsVoice *voice;
  const char *chosen; /* NULL when there is none */
  double width, height;
} DmsSceneInput;

void dms_stage_scene_build (DmsScene *scene, const DmsSceneInput *input);
void dms_memory_scene_build (DmsScene *scene, const DmsSceneInput *input);
/* Places legend and sentence at the bottom of scene->width × height; returns the height
 * that is left above them. */
double dms_scene_place_bottom (DmsScene *scene, const DmsSceneInput *input);
/* Fills the legend with what is on the picture. */
void dms_scene_make_legend (DmsScene *scene, const DmsVoice *voice);
/* Marks the item that the user chose. */
void dms_scene_mark_chosen (DmsScene *scene, const char *chosen);
