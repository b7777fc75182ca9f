/* dms-stage-registers.c — map registers, the pool, and who waits for them
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/scene/dms-stage-private.h"

enum
{
  WAITERS_MAX = 4,
  EXTRA_MAX = WAITERS_MAX + 3, /* the pool, what is away, "2 more wait" */
  PITCH = 46,
  TWO_LINES = 32, /* least height of a box with two */
  WALL_MARGIN = 8,
  WALL_LABEL = 24 /* below the registers */
};

/* ---- one map register ---- */

static const DmsRegisterState *
register_of (const DmsStage *stage, uint32_t number)
{
  const DmsMappingState *mapping = stage->mapping;

  if (mapping == NULL || number >= mapping->n_registers
      || mapping->first_register + number >= stage->state->n_registers)
    return NULL;
  return &stage->state->registers[mapping->first_register + number];
}

static void
add_pending_register (DmsStage *stage, DmsRect rect)
{
  size_t item = dms_scene_add (stage->scene, DMS_ITEM_REGISTER, DMS_LOOK_PENDING, rect);

  dms_scene_add_line (stage->scene,
                      item,
                      !dms_stage_is_over (stage)
                          ? DMS_STAGE_WORD (stage, "not granted yet")
                      : stage->transfer->phase == DMS_TRANSFER_REFUSED
                          ? DMS_STAGE_WORD (stage, "not granted")
                          : DMS_STAGE_WORD (stage, "given back"));
}

/* What is known of a register that is held. */
typedef struct
{
  const DmsRegisterState *held;
  uint32_t number;
  uint32_t page; /* DMS_NO_PAGE: it stands for none of the transfer's */
  bool is_used;
  bool is_mapped;
} Register;

static DmsLook
register_look (const Register *it)
{
  switch ((DmsRegisterUse)it->held->use)
    {
    case DMS_REGISTER_BOUNCES:
      return DMS_LOOK_BOUNCE;
    case DMS_REGISTER_TRANSLATES:
      return DMS_LOOK_TRANSLATES;
    case DMS_REGISTER_AWAY:
      return DMS_LOOK_AWAY;
    case DMS_REGISTER_FREE:
    case DMS_REGISTER_GRANTED:
      break;
    }
  return DMS_LOOK_GRANTED;
}

static const char *
register_sentence (DmsStage *stage, const Register *it)
{
  const DmsWord words[]
      = { DMS_NUMBER ("n", it->number),
          DMS_FRAME ("frame", it->held->bounce_frame),
          DMS_NUMBER ("page", it->page),
          DMS_ADDRESS ("logical", it->held->bounce_frame << DMS_PAGE_SHIFT),
          { 0 } };
  const char *template
      = !it->is_used ? "Map register {n} is granted and maps nothing now."
        : it->page == DMS_NO_PAGE
            ? "Map register {n} is used for memory that is not the request's."
        : it->held->use == DMS_REGISTER_BOUNCES
            ? "Map register {n} bounces: its bounce page, frame {frame}, stands in for "
              "page {page}."
        : it->held->use == DMS_REGISTER_TRANSLATES
            ? "Map register {n} is a translation of the IOMMU: logical address "
              "{logical} "
              "leads to page {page}."
        : it->is_mapped
            ? "Map register {n} is granted and stays unused: page {page} goes straight."
            : "Map register {n} is granted for page {page}.";

  return dms_scene_tell (stage->scene, stage->voice, template, words);
}

static const char *
use_line (DmsStage *stage, const Register *it)
{
  if (it->held->use == DMS_REGISTER_BOUNCES)
    return DMS_STAGE_WORD (stage, "bounces");
  if (it->held->use == DMS_REGISTER_TRANSLATES)
    return DMS_STAGE_TELL (
        stage, "{a}", DMS_ADDRESS ("a", it->held->bounce_frame << DMS_PAGE_SHIFT));
  return DMS_STAGE_WORD (stage, "granted");
}

static const char *
page_line (DmsStage *stage, const Register *it)
{
  if (it->page == DMS_NO_PAGE)
    return it->is_used ? DMS_STAGE_WORD (stage, "other memory")
                       : DMS_STAGE_WORD (stage, "no page now");
  return DMS_STAGE_TELL (stage,
                         it->held->use == DMS_REGISTER_BOUNCES      ? "page {n}"
                         : it->held->use == DMS_REGISTER_TRANSLATES ? "is page {n}"
                         : it->is_mapped                            ? "page {n} direct"
                                                                    : "for page {n}",
                         DMS_NUMBER ("n", it->page));
}

static size_t
add_register (DmsStage *stage, const Register *it, DmsRect rect)
{
  DmsScene *scene = stage->scene;
  size_t item = dms_scene_add (scene, DMS_ITEM_REGISTER, register_look (it), rect);

  dms_scene_set_id (scene, item, "register:%u", it->number);
  const char *badge = DMS_STAGE_TELL (stage, "{n}", DMS_NUMBER ("n", it->number));
  dms_scene_item (scene, item)->badge = badge;
  dms_scene_add_line (scene, item, use_line (stage, it));
  dms_scene_add_line (scene, item, page_line (stage, it));
  dms_scene_set_sentence (scene, item, register_sentence (stage, it));
  return item;
}

/* Of a list: the register of page row @row. */
static void
add_list_register (DmsStage *stage, unsigned row, DmsRect rect)
{
  uint32_t page = stage->rows[row].index;
  const DmsRegisterState *held = register_of (stage, page);

  if (held == NULL)
    {
      add_pending_register (stage, rect);
      return;
    }
  Register it = { .held = held,
                  .number = stage->mapping->first_register + page,
                  .page = page,
                  .is_used = true,
                  .is_mapped = stage->pages[row].is_mapped };
  stage->pages[row].register_item = add_register (stage, &it, rect);
}

static void
add_grant_register (DmsStage *stage, unsigned i, DmsRect rect)
{
  const DmsStageRegister *row = &stage->registers[i];
  const DmsRegisterState *held = register_of (stage, row->row.index);

  if (held == NULL)
    {
      add_pending_register (stage, rect);
      return;
    }
  Register it = { .held = held,
                  .number = stage->mapping->first_register + row->row.index,
                  .page = row->page,
                  .is_used = row->is_used,
                  .is_mapped = true };
  size_t item = add_register (stage, &it, rect);
  int page = dms_stage_row_of (stage->rows, stage->n_rows, row->page);
  if (page >= 0)
    stage->pages[page].register_item = item;
}

/* ---- the pool ---- */

static void
add_pool (DmsStage *stage, DmsRect rect)
{
  DmsScene *scene = stage->scene;
  uint64_t left = dms_stage_registers_left (stage);
  size_t pool = dms_scene_add (scene, DMS_ITEM_POOL, DMS_LOOK_POOL, rect);

  dms_scene_set_id (scene, pool, "pool");
  dms_scene_item (scene, pool)->badge = "…";
  dms_scene_add_line (
      scene, pool, DMS_STAGE_TELL (stage, "{n} in the pool", DMS_NUMBER ("n", left)));
  dms_scene_set_sentence (
      scene,
      pool,
      DMS_STAGE_TELL (stage,
                      "Map registers in the pool, for any device: {n}.",
                      DMS_NUMBER ("n", left)));
}

static void
add_away (DmsStage *stage, DmsRect rect)
{
  DmsScene *scene = stage->scene;
  uint64_t n = stage->state->registers_away;
  size_t away = dms_scene_add (scene, DMS_ITEM_REGISTER, DMS_LOOK_AWAY, rect);

  dms_scene_set_id (scene, away, "away");
  dms_scene_add_line (
      scene, away, DMS_STAGE_TELL (stage, "{n} taken away", DMS_NUMBER ("n", n)));
  dms_scene_set_sentence (
      scene,
      away,
      DMS_STAGE_TELL (stage,
                      "Map registers that a command took out of the pool: {n}.",
                      DMS_NUMBER ("n", n)));
}

/* ---- who waits ---- */

typedef struct
{
  const DmsTransferState *first[WAITERS_MAX]; /* in the order of the queue */
  unsigned n;
  uint64_t all;
} Waiters;

/* They are served in the order of asking. */
static uint64_t
asked_at (const DmsStage *stage, const DmsTransferState *transfer)
{
  const DmsMappingState *mapping = dms_state_mapping (stage->state, transfer->mapping);

  return mapping == NULL ? UINT64_MAX : mapping->begin_seq;
}

static void
add_waiter (const DmsStage *stage, Waiters *waiters, const DmsTransferState *transfer)
{
  uint64_t at = asked_at (stage, transfer);
  unsigned place = waiters->n;

  waiters->all++;
  while (place > 0 && asked_at (stage, waiters->first[place - 1]) > at)
    place--;
  if (place == WAITERS_MAX)
    return;
  if (waiters->n < WAITERS_MAX)
    waiters->n++;
  for (unsigned i = waiters->n - 1; i > place; i--)
    waiters->first[i] = waiters->first[i - 1];
  waiters->first[place] = transfer;
}

static Waiters
find_waiters (const DmsStage *stage)
{
  Waiters waiters = { .n = 0 };
  const DmsTransferState *transfer;
  size_t at = 0;

  while ((transfer = dms_table_next (&stage->state->transfers, &at, NULL)) != NULL)
    if (transfer->phase == DMS_TRANSFER_WAITING)
      add_waiter (stage, &waiters, transfer);
  return waiters;
}

static void
add_waiting (DmsStage *stage,
             unsigned place,
             const DmsTransferState *transfer,
             DmsRect rect)
{
  DmsScene *scene = stage->scene;
  const DmsMappingState *mapping = dms_state_mapping (stage->state, transfer->mapping);
  const char *device
      = dms_scene_keep (scene, dms_names_text (stage->in->names, transfer->device));
  size_t item = dms_scene_add (scene, DMS_ITEM_WAITER, DMS_LOOK_PENDING, rect);

  dms_scene_set_id (scene, item, "waiter:%llu", (unsigned long long)transfer->id);
  const char *badge = DMS_STAGE_TELL (stage, "{n}.", DMS_NUMBER ("n", place + 1));
  dms_scene_item (scene, item)->badge = badge;
  dms_say_registers (
      &scene->text, mapping == NULL ? 0 : mapping->needed_registers, stage->voice);
  const char *wanted = dms_scene_keep_text (scene);
  uint64_t n = mapping == NULL ? 0 : mapping->needed_registers;
  bool is_brief = rect.height < TWO_LINES;
  dms_scene_add_line (scene,
                      item,
                      DMS_STAGE_TELL (stage,
                                      is_brief ? "{device} for {n}" : "{device} waits",
                                      DMS_TEXT ("device", device),
                                      DMS_NUMBER ("n", n)));
  if (!is_brief)
    dms_scene_add_line (
        scene, item, DMS_STAGE_TELL (stage, "for {n} registers", DMS_NUMBER ("n", n)));
  dms_scene_set_sentence (
      scene,
      item,
      DMS_STAGE_TELL (
          stage,
          "A request of {device} waits for {wanted}, at place {place} of the "
          "queue.",
          DMS_TEXT ("device", device),
          DMS_TEXT ("wanted", wanted),
          DMS_NUMBER ("place", place + 1)));
}

/* ---- all of them ---- */

static void
add_wall (DmsStage *stage)
{
  const DmsColumn *column = &stage->columns[DMS_COLUMN_REGISTERS];
  DmsScene *scene = stage->scene;
  size_t wall = dms_scene_add (scene,
                               DMS_ITEM_WALL,
                               DMS_LOOK_PLAIN,
                               (DmsRect){ column->x - WALL_MARGIN,
                                          stage->top - WALL_MARGIN,
                                          column->width + 2 * WALL_MARGIN,
                                          stage->bottom - stage->top + WALL_MARGIN });

  dms_scene_set_id (scene, wall, "iommu");
  dms_scene_add_line (scene, wall, DMS_STAGE_WORD (stage, "IOMMU"));
  dms_scene_set_sentence (
      scene,
      wall,
      DMS_STAGE_TELL (
          stage,
          "The IOMMU stands between {device} and memory: what no map register "
          "translates is stopped here.",
          DMS_TEXT ("device", dms_stage_device_name (stage))));
}

/* Rows of registers before the pool's; 0 when nobody asks for any. */
static unsigned
count_registers (const DmsStage *stage)
{
  if (stage->transfer == NULL)
    return 0;
  if (stage->is_grant)
    return stage->n_registers;
  return dms_stage_expects_list (stage) ? stage->n_rows : 0;
}

static const DmsRow *
row_of (const DmsStage *stage, unsigned i)
{
  return stage->is_grant ? &stage->registers[i].row : &stage->rows[i];
}

static DmsRect
rect_of_row (const DmsStage *stage, const DmsRow *row)
{
  const DmsColumn *column = &stage->columns[DMS_COLUMN_REGISTERS];

  return (DmsRect){ column->x, row->y, column->width, row->height };
}

static void
add_registers (DmsStage *stage, const DmsRow *rows, unsigned n)
{
  for (unsigned i = 0; i < n; i++)
    {
      DmsRect rect = rect_of_row (stage, &rows[i]);
      if (rows[i].index == DMS_NO_PAGE)
        dms_stage_add_more (stage, DMS_COLUMN_REGISTERS, &rows[i]);
      else if (stage->is_grant)
        add_grant_register (stage, i, rect);
      else
        add_list_register (stage, i, rect);
    }
}

static void
add_rest (DmsStage *stage, const Waiters *waiters, const DmsRow *rows)
{
  add_pool (stage, rect_of_row (stage, rows++));
  if (stage->state->registers_away > 0)
    add_away (stage, rect_of_row (stage, rows++));
  for (unsigned i = 0; i < waiters->n; i++)
    add_waiting (stage, i, waiters->first[i], rect_of_row (stage, rows++));
  if (waiters->all > waiters->n)
    dms_stage_add_more (stage, DMS_COLUMN_REGISTERS, rows);
}

void
dms_stage_add_registers (DmsStage *stage)
{
  DmsRow rows[DMS_STAGE_ROWS_MAX + EXTRA_MAX];
  Waiters waiters = find_waiters (stage);
  unsigned n = count_registers (stage);
  unsigned all = n;
  bool is_remapped = dms_stage_is_remapped (stage);

  if (stage->state->n_registers == 0)
    return;
  for (unsigned i = 0; i < n; i++)
    rows[i] = *row_of (stage, i);
  unsigned n_rest = 1 + (stage->state->registers_away > 0 ? 1 : 0) + waiters.n;
  for (unsigned i = 0; i < n_rest; i++)
    rows[all++] = (DmsRow){ .index = 0 };
  if (waiters.all > waiters.n)
    rows[all++] = (DmsRow){ .index = DMS_NO_PAGE,
                            .left_out = (uint32_t)(waiters.all - waiters.n) };
  if (is_remapped)
    add_wall (stage);
  dms_stage_space_rows (rows,
                        all,
                        stage->top,
                        stage->bottom - (is_remapped ? WALL_LABEL : 0),
                        PITCH * stage->stretch,
                        8);
  add_registers (stage, rows, n);
  add_rest (stage, &waiters, rows + n);
}
