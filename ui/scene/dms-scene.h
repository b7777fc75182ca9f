/* dms-scene.h — the picture as data: boxes, byte ranges and links with ids and
 * sentences
 *
 * A pure function of the state and the event that led to it. Painting, picking,
 * tooltips, keyboard and screen reader all use the same items.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "engine/core/dms-sentence.h"

#include <stddef.h>

/* In scene pixels; 0,0 is the top left corner. */
typedef struct
{
  double x, y, width, height;
} DmsRect;

typedef enum
{
  DMS_ITEM_TITLE,    /* head of a column, with its lines below */
  DMS_ITEM_PAGE,     /* page of a buffer */
  DMS_ITEM_MEMORY,   /* the column of physical memory */
  DMS_ITEM_FRAME,    /* one frame in it */
  DMS_ITEM_FENCE,    /* how far the device reaches */
  DMS_ITEM_REGISTER, /* map register */
  DMS_ITEM_POOL,     /* the rest of the pool in one box, or the bounce pool in memory */
  DMS_ITEM_ELEMENT,  /* scatter/gather element */
  DMS_ITEM_DEVICE,   /* the device */
  DMS_ITEM_DESCRIPTOR, /* its progress on one element */
  DMS_ITEM_SLOT,       /* slot of the bounce pool (recordings) */
  DMS_ITEM_SEGMENT,    /* segment at a device address (recordings) */
  DMS_ITEM_BAND,       /* mapped memory in the memory map (recordings) */
  DMS_ITEM_MORE,       /* "45 more segments" */
  DMS_ITEM_NOTE,       /* a line of text: what this source cannot show … */
  DMS_ITEM_GAP,        /* break of the address scale: memory that is left out */
  DMS_ITEM_COUNTER,    /* a number with its name, inside the device */
  DMS_ITEM_SHARED,     /* a page of memory that CPU and device share */
  DMS_ITEM_CHANNEL,    /* channel of the DMA controller, inside the device */
  DMS_ITEM_WAITER,     /* a request that waits, in the order of the queue */
  DMS_ITEM_WALL        /* the IOMMU between device and memory */
} DmsItemKind;

/* How an item looks: rows of the table "State and look" of ARCHITECTURE. */
typedef enum
{
  DMS_LOOK_PLAIN,
  DMS_LOOK_CURRENT,      /* solid blue: bytes that are current */
  DMS_LOOK_OLD,          /* tint of the same */
  DMS_LOOK_NEWER_BOUNCE, /* orange hatching: newer in the bounce page */
  DMS_LOOK_BOUNCE,       /* solid orange */
  DMS_LOOK_GRANTED,      /* white, full outline */
  DMS_LOOK_POOL,         /* white, dotted outline */
  DMS_LOOK_OUT_OF_REACH, /* white, below the fence */
  DMS_LOOK_DEVICE,       /* the device's own: sky blue */
  DMS_LOOK_COHERENT,
  DMS_LOOK_FAULT,   /* double outline and cross */
  DMS_LOOK_PENDING, /* dotted: not made yet */
  DMS_LOOK_MIXED,
  DMS_LOOK_FREE,
  DMS_LOOK_OTHER,      /* mapped, but not by the mapping in question (recordings) */
  DMS_LOOK_TRANSLATES, /* map register that is a translation of the IOMMU */
  DMS_LOOK_AWAY        /* map registers that a command took away: hatched out */
} DmsLook;

typedef enum
{
  DMS_ALIGN_START,
  DMS_ALIGN_MIDDLE,
  DMS_ALIGN_END
} DmsAlign;

/* A part of a page's box that differs from the rest; in bytes of the page. */
typedef struct
{
  uint16_t start, end;
  DmsLook look;
} DmsItemRange;

#define DMS_ITEM_LINES_MAX 4

typedef struct
{
  char id[48]; /* "page:1:2", "register:3": the same thing has the same id in every
                  scene */
  DmsItemKind kind;
  DmsLook look;
  DmsLook stripe; /* of an element: whether its pages go straight or bounce */
  DmsAlign align; /* of notes */
  DmsRect rect;
  bool focusable;
  bool chosen;                           /* blue outline */
  bool changed;                          /* by the last step: pulse */
  const char *lines[DMS_ITEM_LINES_MAX]; /* text in the box; NULL where there is none */
  unsigned n_lines;
  const char *badge; /* short text at its left edge: register number, element number */
  const char *aside; /* small text beside it: "512" at the page's offset */
  DmsItemRange ranges[DMS_STATE_RANGES_MAX];
  unsigned n_ranges;
  double share;         /* descriptors: 0 to 1 moved */
  const char *sentence; /* what it is, with numbers: tooltip and screen reader */
} DmsItem;

typedef enum
{
  DMS_LINK_REFERS, /* thin, a dot at the end referred to */
  DMS_LINK_BYTES   /* thick, a tip in the true direction */
} DmsLinkKind;

typedef struct
{
  DmsLinkKind kind;
  size_t from, to;       /* items */
  double x0, y0, x1, y1; /* ends; bytes move from 0 to 1 */
  double bend0, bend1;   /* horizontal reach of the curve's handles, signed */
  bool is_routed;        /* in straight lines: turn0, over, turn1 instead of a curve */
  double turn0, turn1;   /* where it leaves its ends' heights */
  double over;           /* height at which it crosses the columns */
  bool faint;
  bool is_wrong;      /* bytes that go where nothing is mapped for the device */
  bool is_stopped;    /* they do not get there: a cross at the end */
  DmsRect label_rect; /* when there is a label */
  const char *label;  /* "1 024 bytes", NULL for none */
} DmsLink;

typedef struct
{
  DmsLook look;
  DmsLinkKind link;
  bool is_link;
  bool is_wrong; /* of a link */
  const char *text;
} DmsLegendEntry;

typedef struct DmsScene DmsScene;

DmsScene *dms_scene_new (void); /* NULL without memory */
void dms_scene_free (DmsScene *scene);

/* Facts of a step that a scene tells; of more only the first ones. */
#define DMS_SCENE_FACTS_MAX 3
/**
 * dms_scene_set_facts:
 * @facts: (array length=n): events of kind FACT of the step that is built next
 *
 * What the system noted beside the step's call. Copied, without payloads; forgotten
 * with the next build.
 */
void dms_scene_set_facts (DmsScene *scene, const DmsEvent *facts, size_t n);

/**
 * dms_scene_build:
 * @event: the event that opened the step shown; NULL or kind NONE before the first
 * @last: the last event of that step (may equal @event): @state is right after it
 * @chosen: id of the item that the user chose, or NULL: the transfer or mapping that
 * the event speaks of is shown, else the one that @chosen belongs to
 * @width, @height: room in pixels; the scene takes more when it needs it
 * (dms_scene_size)
 *
 * Lays a simulated state out as the lesson's stage, a recorded one as the three address
 * spaces. Reuses memory of the scene. Returns DMS_OK or DMS_ERROR_NO_MEMORY.
 */
DmsStatus dms_scene_build (DmsScene *scene,
                           const DmsState *state,
                           const DmsEvent *event,
                           const DmsEvent *last,
                           const DmsNames *names,
                           const DmsVoice *voice,
                           const char *chosen,
                           double width,
                           double height);

void dms_scene_size (const DmsScene *scene, double *ret_width, double *ret_height);
const DmsItem *dms_scene_items (const DmsScene *scene, size_t *ret_n);
const DmsLink *dms_scene_links (const DmsScene *scene, size_t *ret_n);
const DmsLegendEntry *dms_scene_legend (const DmsScene *scene, size_t *ret_n);
/* The sentence under the picture, and why ("" when there is none). */
const char *dms_scene_sentence (const DmsScene *scene);
const char *dms_scene_why (const DmsScene *scene);
/* What the system noted, "" when nothing. */
const char *dms_scene_noted (const DmsScene *scene);
/* Area of legend and sentence inside the scene. */
DmsRect dms_scene_legend_rect (const DmsScene *scene);
DmsRect dms_scene_sentence_rect (const DmsScene *scene);

#define DMS_NO_ITEM ((size_t)-1)
/* Topmost item at a point, or DMS_NO_ITEM. */
size_t dms_scene_pick (const DmsScene *scene, double x, double y);
size_t dms_scene_find (const DmsScene *scene, const char *id);
typedef enum
{
  DMS_TO_LEFT,
  DMS_TO_RIGHT,
  DMS_TO_UP,
  DMS_TO_DOWN
} DmsDirection;
/* The focusable item that an arrow key leads to; DMS_NO_ITEM when there is none. */
size_t dms_scene_neighbour (const DmsScene *scene, size_t item, DmsDirection direction);

/* One item or link a line: golden files. */
void dms_scene_append_dump (DmsBytes *bytes, const DmsScene *scene);
