/* dms-stage-private.h — what the columns of the lesson's stage share
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "ui/scene/dms-scene-private.h"

enum
{
  DMS_STAGE_ROWS_MAX = 32 /* rows of a column, those that say "40 more" included */
};

#define DMS_NO_PAGE UINT32_MAX

typedef enum
{
  DMS_COLUMN_BUFFER,
  DMS_COLUMN_MEMORY,
  DMS_COLUMN_REGISTERS,
  DMS_COLUMN_LIST,
  DMS_COLUMN_DEVICE,
  DMS_COLUMNS
} DmsColumnKind;

typedef struct
{
  double x, width;
} DmsColumn;

/* A row of a column: a page of the transfer or an element, or several left out. */
typedef struct
{
  uint32_t index; /* DMS_NO_PAGE: left_out of them are not shown here */
  uint32_t left_out;
  double y, height;
  size_t item;
} DmsRow;

/* What is known, or follows from buffer and device, of one shown page of the transfer.
 */
typedef struct
{
  const DmsPageState *state;
  uint32_t mdl;          /* index of its MDL */
  bool starts_mdl;       /* and is not the first one */
  bool bounces;          /* or will */
  bool is_mapped;        /* its piece is in the list */
  bool is_flushed;       /* and done with */
  uint32_t element;      /* that it is or will be part of */
  uint64_t bounce_frame; /* 0 = none now */
  size_t frame_item, bounce_item, register_item;
} DmsStagePage;

/* A map register of a grant that is shown, and the page that is mapped by it now. */
typedef struct
{
  DmsRow row;    /* index: number of the register within the grant */
  uint32_t page; /* of the transfer; DMS_NO_PAGE: none */
  bool is_used;  /* for a page of the transfer, or for other memory */
} DmsStageRegister;

typedef struct
{
  DmsScene *scene;
  const DmsSceneInput *in;
  const DmsState *state;
  const DmsEvent *event;
  const DmsVoice *voice;
  uint32_t device_id;               /* 0 = none */
  const DmsDeviceState *device;     /* NULL = none */
  const DmsBufferState *buffer;     /* NULL = none */
  const DmsTransferState *transfer; /* NULL = none */
  const DmsMappingState *mapping;   /* NULL = none now */
  const DmsMappingState *shared;    /* memory that the device shares; NULL = none */
  bool is_grant;                    /* the mapping is what a channel was granted with */
  bool to_device;
  uint32_t first_page; /* of the buffer, where the transfer starts */
  uint32_t n_pages;    /* of the transfer */
  uint32_t n_elements; /* made, or to be expected */
  bool is_dense;       /* one line for each page */
  double stretch; /* how much more apart than need be things stand in a high window */
  uint64_t n_bounced; /* pages, made or to be expected */
  uint64_t bounced_bytes;
  double top, bottom; /* of the columns */
  DmsColumn columns[DMS_COLUMNS];
  DmsRow rows[DMS_STAGE_ROWS_MAX];        /* pages */
  DmsStagePage pages[DMS_STAGE_ROWS_MAX]; /* of the same rows */
  unsigned n_rows;
  DmsStageRegister registers[DMS_STAGE_ROWS_MAX]; /* of a grant */
  unsigned n_registers;
  DmsRow shared_rows[DMS_STAGE_ROWS_MAX]; /* pages of the shared memory */
  size_t shared_frames[DMS_STAGE_ROWS_MAX];
  unsigned n_shared_rows;
  DmsRow elements[DMS_STAGE_ROWS_MAX];
  uint32_t element_pages[DMS_STAGE_ROWS_MAX][2]; /* first and last, of a grant's */
  size_t descriptor_items[DMS_STAGE_ROWS_MAX];   /* of the same rows */
  unsigned n_element_rows;
  size_t device_item;
} DmsStage;

/* The subject of the picture: device, buffer, transfer, pages and what becomes of them.
 */
void dms_stage_find_subject (DmsStage *stage);
/* Chooses the pages and elements to be shown, and says what is expected of each. */
void dms_stage_plan (DmsStage *stage);
/* Page of the transfer that the event speaks of; DMS_NO_PAGE when it speaks of none. */
uint32_t dms_stage_event_page (const DmsStage *stage);
/* Row of page @page or element @element, or -1. */
int dms_stage_row_of (const DmsRow *rows, unsigned n, uint32_t index);
/* Gives rows their y and height: at most @pitch apart, @gap of that left free. */
void dms_stage_space_rows (
    DmsRow *rows, unsigned n, double top, double bottom, double pitch, double gap);

/* ---- dms-stage-grant.c ---- */
/* Of a grant: which elements and map registers are shown, and which page each piece is.
 * The pages that are shown are chosen before. */
void dms_stage_plan_grant (DmsStage *stage);
/* Element of the grant or list that the event is about; UINT32_MAX: none. */
uint32_t dms_stage_event_element (const DmsStage *stage);
/* Page of the transfer that piece @piece is; DMS_NO_PAGE when it is none. */
uint32_t dms_stage_page_of_piece (const DmsStage *stage, uint32_t piece);

/* ---- dms-stage-shared.c ---- */
/* Finds the memory that the device shares, and chooses the pages of it that are shown.
 */
void dms_stage_plan_shared (DmsStage *stage);
/* Physical frame of page @page of the shared memory; 0 = not known. */
uint64_t dms_stage_shared_frame (const DmsStage *stage, uint32_t page);
/* Its boxes, between @top and the bottom of the columns. */
void dms_stage_add_shared (DmsStage *stage, double top);
/* Height that they need below the elements; 0 = none. */
double dms_stage_shared_height (const DmsStage *stage);

/* "… 5 more" in a row of a column. */
void dms_stage_add_more (DmsStage *stage, DmsColumnKind column, const DmsRow *row);
/* An IOMMU stands before the device: map registers translate. */
bool dms_stage_is_remapped (const DmsStage *stage);
/* A list, or what is like one, was made or is to be expected for the transfer. */
bool dms_stage_expects_list (const DmsStage *stage);
/* Map registers that are in the pool now. */
uint64_t dms_stage_registers_left (const DmsStage *stage);

void dms_stage_add_titles (DmsStage *stage);
void dms_stage_add_buffer (DmsStage *stage);
void dms_stage_add_memory (DmsStage *stage);
void dms_stage_add_registers (DmsStage *stage);
void dms_stage_add_list (DmsStage *stage);
void dms_stage_add_device (DmsStage *stage);
void dms_stage_add_links (DmsStage *stage);
/* Outlines what the event speaks of, and tells what it changed. */
void dms_stage_mark_changes (DmsStage *stage);

const char *dms_stage_device_name (const DmsStage *stage);
DmsLook dms_content_look (DmsContent content);
/* True when the device cannot reach all of @frame. */
bool dms_stage_is_out_of_reach (const DmsStage *stage, uint64_t frame);
/* The list is no more: it was put back, or refused. */
bool dms_stage_is_over (const DmsStage *stage);

#define DMS_STAGE_TELL(stage, template, ...)                                           \
  DMS_TELL ((stage)->scene, (stage)->voice, template, __VA_ARGS__)
#define DMS_STAGE_WORD(stage, word)                                                    \
  dms_scene_tell ((stage)->scene, (stage)->voice, word, (const DmsWord[]){ { 0 } })
