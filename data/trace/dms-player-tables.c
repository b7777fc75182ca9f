/* dms-player-tables.c — the virtual tables `event` and `segment`
 *
 * A condition on seq, step, t_ns, kind or device lets whole chunks be passed over.
 * SQLite checks each row itself as well, so that it is enough never to pass over too
 * much.
 *
 * SPDX-License-Identifier: MIT
 */
#include "data/trace/dms-player-tables.h"

#include "engine/core/dms-payload.h"

#include <string.h>

enum
{
  EVENT_SEQ,
  EVENT_STEP,
  EVENT_T_NS,
  EVENT_KIND,
  EVENT_DEVICE,
  EVENT_TASK,
  EVENT_PID,
  EVENT_CPU,
  EVENT_CONTEXT,
  EVENT_TRANSFER,
  EVENT_OBJECT,
  EVENT_INDEX,
  EVENT_A,
  EVENT_B,
  EVENT_C,
  EVENT_LENGTH,
  EVENT_FLAGS,
  EVENT_STATUS,
  EVENT_CAUSE,
  EVENT_FILE,
  EVENT_LINE
};

enum
{
  SEGMENT_SEQ,
  SEGMENT_SIDE,
  SEGMENT_INDEX,
  SEGMENT_ADDRESS,
  SEGMENT_LENGTH
};

static const char event_schema[]
    = "CREATE TABLE event (seq INTEGER, step INTEGER, t_ns INTEGER, kind TEXT, device "
      "TEXT,"
      " task TEXT, pid INTEGER, cpu INTEGER, context TEXT, transfer INTEGER, object "
      "INTEGER,"
      " idx INTEGER, a INTEGER, b INTEGER, c INTEGER, length INTEGER, flags INTEGER,"
      " status INTEGER, cause INTEGER, file TEXT, line INTEGER)";
static const char segment_schema[]
    = "CREATE TABLE segment (seq INTEGER, side TEXT, idx INTEGER, address INTEGER,"
      " length INTEGER)";

typedef struct
{
  sqlite3_vtab base;
  DmsPlayer *player;
  gboolean has_segments; /* the table is `segment` */
} Table;

/* What rows can be at all; both ends are included. */
typedef struct
{
  gint64 seq[2], step[2], t_ns[2];
  guint64 kinds[2];
  guint64 devices;
} Filter;

typedef struct
{
  sqlite3_vtab_cursor base;
  Filter filter;
  gsize place;    /* of the chunk in the directory */
  DmsChunk chunk; /* the cursor's own: others may push it out of the cache */
  gboolean has_chunk;
  gsize chunk_place;
  guint32 at; /* event in the chunk */
  gboolean is_at_end;
  /* segment: where in the event */
  guint side;
  gint64 index;
  DmsPayloadList list;
  DmsSegment segment;
  gint64 row;
} Cursor;

static const struct
{
  DmsPayloadTag tag;
  const char *name;
} sides[] = {
  { DMS_PAYLOAD_MEMORY, "memory" },
  { DMS_PAYLOAD_DEVICE, "device" },
  { DMS_PAYLOAD_FRAMES, "frame" },
};

/* ---- tables ------------------------------------------------------------ */

static int
make_table (sqlite3 *db,
            DmsPlayer *player,
            gboolean has_segments,
            sqlite3_vtab **ret_table,
            char **ret_message)
{
  player->is_declaring = TRUE;
  int code = sqlite3_declare_vtab (db, has_segments ? segment_schema : event_schema);
  player->is_declaring = FALSE;
  if (code == SQLITE_OK)
    code = sqlite3_vtab_config (db, SQLITE_VTAB_DIRECTONLY);
  if (code != SQLITE_OK)
    {
      *ret_message = sqlite3_mprintf ("%s", sqlite3_errmsg (db));
      return code;
    }
  Table *table = g_new0 (Table, 1);
  table->player = player;
  table->has_segments = has_segments;
  *ret_table = &table->base;
  return SQLITE_OK;
}

static int
connect_events (sqlite3 *db,
                void *data,
                int argc,
                const char *const *argv,
                sqlite3_vtab **ret_table,
                char **ret_message)
{
  (void)argc;
  (void)argv;
  return make_table (db, data, FALSE, ret_table, ret_message);
}

static int
connect_segments (sqlite3 *db,
                  void *data,
                  int argc,
                  const char *const *argv,
                  sqlite3_vtab **ret_table,
                  char **ret_message)
{
  (void)argc;
  (void)argv;
  return make_table (db, data, TRUE, ret_table, ret_message);
}

static int
disconnect (sqlite3_vtab *table)
{
  g_free (table);
  return SQLITE_OK;
}

static int
fail (sqlite3_vtab *table, GError *error)
{
  sqlite3_free (table->zErrMsg);
  table->zErrMsg = sqlite3_mprintf ("%s", error->message);
  g_error_free (error);
  return SQLITE_ERROR;
}

/* ---- the plan ---------------------------------------------------------- */

static gboolean
is_range (int relation)
{
  return relation == SQLITE_INDEX_CONSTRAINT_EQ
         || relation == SQLITE_INDEX_CONSTRAINT_GT
         || relation == SQLITE_INDEX_CONSTRAINT_GE
         || relation == SQLITE_INDEX_CONSTRAINT_LT
         || relation == SQLITE_INDEX_CONSTRAINT_LE;
}

/* Both tables have seq as column 0; the others are those of event. */
static gboolean
is_useful (const Table *table, int column, int relation)
{
  if (column == EVENT_SEQ || (column == -1 && !table->has_segments))
    return is_range (relation);
  if (table->has_segments)
    return FALSE;
  if (column == EVENT_STEP || column == EVENT_T_NS)
    return is_range (relation);
  return (column == EVENT_KIND || column == EVENT_DEVICE)
         && relation == SQLITE_INDEX_CONSTRAINT_EQ;
}

/* The plan's text names the constraint of each argument: a letter for the column and
 * the relation's number as a character. */
static int
plan (sqlite3_vtab *base, sqlite3_index_info *info)
{
  const Table *table = (const Table *)base;
  sqlite3_str *text = sqlite3_str_new (NULL);
  double rows = (double)table->player->n_events + 1;
  int n = 0;

  for (int i = 0; i < info->nConstraint && n < 16; i++)
    {
      int column = info->aConstraint[i].iColumn;
      int relation = info->aConstraint[i].op;
      if (!info->aConstraint[i].usable || !is_useful (table, column, relation))
        continue;
      info->aConstraintUsage[i].argvIndex = ++n;
      sqlite3_str_appendchar (text, 1, (char)('A' + (column < 0 ? EVENT_SEQ : column)));
      sqlite3_str_appendchar (text, 1, (char)relation);
      rows /= relation == SQLITE_INDEX_CONSTRAINT_EQ && column <= EVENT_SEQ ? rows : 4;
    }
  info->estimatedCost = rows * 2 + 10;
  info->estimatedRows = (sqlite3_int64)rows + 1;
  info->orderByConsumed = info->nOrderBy == 1 && info->aOrderBy[0].iColumn == EVENT_SEQ
                          && !info->aOrderBy[0].desc;
  info->idxStr = sqlite3_str_finish (text);
  info->needToFreeIdxStr = 1;
  return n > 0 && info->idxStr == NULL ? SQLITE_NOMEM : SQLITE_OK;
}

/* ---- the filter -------------------------------------------------------- */

static void
narrow (gint64 range[2], int relation, gint64 value)
{
  gint64 low = range[0];
  gint64 high = range[1];

  if (relation == SQLITE_INDEX_CONSTRAINT_EQ || relation == SQLITE_INDEX_CONSTRAINT_GE)
    low = MAX (low, value);
  if (relation == SQLITE_INDEX_CONSTRAINT_EQ || relation == SQLITE_INDEX_CONSTRAINT_LE)
    high = MIN (high, value);
  /* At the end of all numbers > and < give no bound; SQLite drops those rows itself. */
  if (relation == SQLITE_INDEX_CONSTRAINT_GT && value < G_MAXINT64)
    low = MAX (low, value + 1);
  if (relation == SQLITE_INDEX_CONSTRAINT_LT && value > G_MININT64)
    high = MIN (high, value - 1);
  range[0] = low;
  range[1] = high;
}

static void
keep_kind (Filter *filter, const char *name)
{
  guint64 kinds[2] = { 0, 0 };
  size_t n = 0;
  const DmsEventInfo *infos = dms_event_infos (&n);

  for (size_t i = 0; i < n; i++)
    if (strcmp (infos[i].name, name) == 0)
      kinds[infos[i].kind / 64] |= UINT64_C (1) << (infos[i].kind % 64);
  filter->kinds[0] &= kinds[0];
  filter->kinds[1] &= kinds[1];
}

static void
keep_device (Filter *filter, const DmsNames *names, const char *text)
{
  guint64 devices = 0;

  for (uint32_t id = 1; id <= dms_names_count (names); id++)
    {
      const DmsName *name = dms_names_get (names, id);
      if (strcmp (name->text, text) == 0)
        devices |= UINT64_C (1) << (id % 64);
    }
  filter->devices &= devices;
}

static void
apply (Filter *filter,
       const DmsNames *names,
       int column,
       int relation,
       sqlite3_value *value)
{
  int type = sqlite3_value_type (value);
  const char *text
      = type == SQLITE_TEXT ? (const char *)sqlite3_value_text (value) : NULL;

  if (column == EVENT_KIND && text != NULL)
    keep_kind (filter, text);
  else if (column == EVENT_DEVICE && text != NULL)
    keep_device (filter, names, text);
  if (type != SQLITE_INTEGER)
    return;
  if (column == EVENT_SEQ)
    narrow (filter->seq, relation, sqlite3_value_int64 (value));
  else if (column == EVENT_STEP)
    narrow (filter->step, relation, sqlite3_value_int64 (value));
  else if (column == EVENT_T_NS)
    narrow (filter->t_ns, relation, sqlite3_value_int64 (value));
}

static gboolean
may_have (const Filter *filter, const DmsChunkHead *head)
{
  gint64 last = (gint64)(head->first_seq + head->n - 1);

  return last >= filter->seq[0] && (gint64)head->first_seq <= filter->seq[1]
         && (gint64)head->last_step >= filter->step[0]
         && (gint64)head->first_step <= filter->step[1] && head->t1 >= filter->t_ns[0]
         && head->t0 <= filter->t_ns[1]
         && ((head->kinds[0] & filter->kinds[0]) != 0
             || (head->kinds[1] & filter->kinds[1]) != 0)
         && (filter->devices == UINT64_MAX || (head->devices & filter->devices) != 0);
}

/* Of an event in a chunk that may have some. */
static gboolean
may_be (const Filter *filter, const DmsEvent *event)
{
  return (gint64)event->seq >= filter->seq[0] && (gint64)event->seq <= filter->seq[1]
         && (filter->kinds[event->kind / 64] >> (event->kind % 64) & 1) != 0;
}

/* ---- the walk ---------------------------------------------------------- */

static const Table *
table_of (const Cursor *cursor)
{
  return (const Table *)cursor->base.pVtab;
}

static const DmsEvent *
event_of (const Cursor *cursor)
{
  return &cursor->chunk.events[cursor->at];
}

static gboolean
load_chunk (Cursor *cursor, GError **error)
{
  if (cursor->has_chunk && cursor->chunk_place == cursor->place)
    return TRUE;
  DmsChunk chunk = { 0 };
  if (!dms_player_read_chunk (table_of (cursor)->player, cursor->place, &chunk, error))
    return FALSE;
  if (cursor->has_chunk)
    dms_chunk_release (&cursor->chunk);
  cursor->chunk = chunk;
  cursor->chunk_place = cursor->place;
  cursor->has_chunk = TRUE;
  return TRUE;
}

/* From event @at of chunk @place on to one that may be; FALSE on failure. */
static gboolean
find_event (Cursor *cursor, GError **error)
{
  const DmsPlayer *player = table_of (cursor)->player;

  for (; cursor->place < player->directory->len; cursor->place++, cursor->at = 0)
    {
      const DmsChunkHead *head = &dms_player_chunk_at (player, cursor->place)->head;
      if ((gint64)head->first_seq > cursor->filter.seq[1])
        break;
      if (!may_have (&cursor->filter, head))
        continue;
      if (!load_chunk (cursor, error))
        return FALSE;
      for (; cursor->at < head->n; cursor->at++)
        if (may_be (&cursor->filter, event_of (cursor)))
          return TRUE;
    }
  cursor->is_at_end = TRUE;
  return TRUE;
}

/* The next piece in the event's lists; FALSE when it has no more. */
static gboolean
next_segment (Cursor *cursor)
{
  const DmsEvent *event = event_of (cursor);

  while (cursor->side < G_N_ELEMENTS (sides))
    {
      gboolean is_frame = sides[cursor->side].tag == DMS_PAYLOAD_FRAMES;
      if (cursor->index < 0)
        dms_payload_find (event->payload,
                          event->payload_length,
                          sides[cursor->side].tag,
                          &cursor->list);
      cursor->index++;
      cursor->segment.length = 0;
      if (is_frame ? dms_payload_next_number (&cursor->list, &cursor->segment.address)
                   : dms_payload_next_segment (&cursor->list, &cursor->segment))
        {
          if (is_frame)
            cursor->segment.address <<= 12;
          return TRUE;
        }
      cursor->side++;
      cursor->index = -1;
    }
  return FALSE;
}

static void
enter_event (Cursor *cursor)
{
  cursor->side = 0;
  cursor->index = -1;
}

/* To the row at or behind the event that the cursor stands on. */
static int
settle (Cursor *cursor)
{
  GError *error = NULL;

  for (;;)
    {
      if (!find_event (cursor, &error))
        return fail (cursor->base.pVtab, error);
      if (cursor->is_at_end || !table_of (cursor)->has_segments)
        return SQLITE_OK;
      enter_event (cursor);
      if (next_segment (cursor))
        return SQLITE_OK;
      cursor->at++;
    }
}

static int
next_row (sqlite3_vtab_cursor *base)
{
  Cursor *cursor = (Cursor *)base;

  cursor->row++;
  if (table_of (cursor)->has_segments && next_segment (cursor))
    return SQLITE_OK;
  cursor->at++;
  return settle (cursor);
}

static int
first_row (sqlite3_vtab_cursor *base,
           int number,
           const char *text,
           int argc,
           sqlite3_value **argv)
{
  Cursor *cursor = (Cursor *)base;
  const DmsPlayer *player = table_of (cursor)->player;

  (void)number;
  cursor->filter = (Filter){
    .seq = { 1, G_MAXINT64 },
    .step = { G_MININT64, G_MAXINT64 },
    .t_ns = { G_MININT64, G_MAXINT64 },
    .kinds = { UINT64_MAX, UINT64_MAX },
    .devices = UINT64_MAX,
  };
  for (int i = 0; i < argc; i++)
    apply (&cursor->filter,
           player->names,
           text[2 * i] - 'A',
           (unsigned char)text[2 * i + 1],
           argv[i]);
  cursor->is_at_end = FALSE;
  cursor->row = 0;
  cursor->at = 0;
  cursor->place = 0;
  if (player->n_events > 0 && cursor->filter.seq[0] <= (gint64)player->n_events)
    cursor->place = dms_player_place_of (player, (guint64)cursor->filter.seq[0]);
  return settle (cursor);
}

static int
is_at_end (sqlite3_vtab_cursor *base)
{
  return ((Cursor *)base)->is_at_end;
}

static int
open_cursor (sqlite3_vtab *table, sqlite3_vtab_cursor **ret_cursor)
{
  (void)table;
  Cursor *cursor = g_new0 (Cursor, 1);
  *ret_cursor = &cursor->base;
  return SQLITE_OK;
}

static int
close_cursor (sqlite3_vtab_cursor *base)
{
  Cursor *cursor = (Cursor *)base;
  if (cursor->has_chunk)
    dms_chunk_release (&cursor->chunk);
  g_free (cursor);
  return SQLITE_OK;
}

/* ---- columns
 * -----------------------------------------------------------------------------------
 */

static void
give_number (sqlite3_context *context, guint64 number)
{
  sqlite3_result_int64 (context, (sqlite3_int64)number);
}

/* 0 means none. */
static void
give_id (sqlite3_context *context, guint64 id)
{
  if (id != 0)
    give_number (context, id);
}

/* Texts of names stay where they are as long as the player lives. */
static void
give_text (sqlite3_context *context, const char *text)
{
  sqlite3_result_text (context, text, -1, SQLITE_STATIC);
}

static void
give_name (sqlite3_context *context, const DmsNames *names, guint32 id)
{
  const DmsName *name = dms_names_get (names, id);
  if (name != NULL)
    give_text (context, name->text);
}

static void
give_pid (sqlite3_context *context, const DmsNames *names, guint32 task)
{
  const DmsName *name = dms_names_get (names, task);
  if (name != NULL)
    sqlite3_result_int64 (context, name->number);
}

static int
event_column (sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
  const Cursor *cursor = (const Cursor *)base;
  const DmsEvent *event = event_of (cursor);
  const DmsNames *names = table_of (cursor)->player->names;

  switch (column)
    {
    case EVENT_SEQ:
      give_number (context, event->seq);
      break;
    case EVENT_STEP:
      give_number (context, event->step);
      break;
    case EVENT_T_NS:
      sqlite3_result_int64 (context, event->t_ns);
      break;
    case EVENT_KIND:
      give_text (context, dms_event_info (event->kind)->name);
      break;
    case EVENT_DEVICE:
      give_name (context, names, event->device);
      break;
    case EVENT_TASK:
      give_name (context, names, event->task);
      break;
    case EVENT_PID:
      give_pid (context, names, event->task);
      break;
    case EVENT_CPU:
      give_number (context, event->cpu);
      break;
    case EVENT_CONTEXT:
      give_text (context, dms_context_name (event->context));
      break;
    case EVENT_TRANSFER:
      give_id (context, event->transfer);
      break;
    case EVENT_OBJECT:
      give_id (context, event->object);
      break;
    case EVENT_INDEX:
      give_number (context, event->index);
      break;
    case EVENT_A:
      give_number (context, event->a);
      break;
    case EVENT_B:
      give_number (context, event->b);
      break;
    case EVENT_C:
      give_number (context, event->c);
      break;
    case EVENT_LENGTH:
      give_number (context, event->length);
      break;
    case EVENT_FLAGS:
      give_number (context, event->flags);
      break;
    case EVENT_STATUS:
      give_number (context, event->status);
      break;
    case EVENT_CAUSE:
      give_id (context, event->cause);
      break;
    case EVENT_FILE:
      give_name (context, names, event->file);
      break;
    case EVENT_LINE:
      give_id (context, event->line);
      break;
    default: /* SQLite asks for no other */
      break;
    }
  return SQLITE_OK;
}

static int
segment_column (sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
  const Cursor *cursor = (const Cursor *)base;

  switch (column)
    {
    case SEGMENT_SEQ:
      give_number (context, event_of (cursor)->seq);
      break;
    case SEGMENT_SIDE:
      give_text (context, sides[cursor->side].name);
      break;
    case SEGMENT_INDEX:
      sqlite3_result_int64 (context, cursor->index);
      break;
    case SEGMENT_ADDRESS:
      give_number (context, cursor->segment.address);
      break;
    case SEGMENT_LENGTH:
      give_id (context, cursor->segment.length);
      break;
    default: /* SQLite asks for no other */
      break;
    }
  return SQLITE_OK;
}

static int
row_id (sqlite3_vtab_cursor *base, sqlite3_int64 *ret_row)
{
  const Cursor *cursor = (const Cursor *)base;
  *ret_row = table_of (cursor)->has_segments ? cursor->row
                                             : (sqlite3_int64)event_of (cursor)->seq;
  return SQLITE_OK;
}

static const sqlite3_module event_module = {
  .iVersion = 1,
  .xConnect = connect_events,
  .xBestIndex = plan,
  .xDisconnect = disconnect,
  .xOpen = open_cursor,
  .xClose = close_cursor,
  .xFilter = first_row,
  .xNext = next_row,
  .xEof = is_at_end,
  .xColumn = event_column,
  .xRowid = row_id,
};

static const sqlite3_module segment_module = {
  .iVersion = 1,
  .xConnect = connect_segments,
  .xBestIndex = plan,
  .xDisconnect = disconnect,
  .xOpen = open_cursor,
  .xClose = close_cursor,
  .xFilter = first_row,
  .xNext = next_row,
  .xEof = is_at_end,
  .xColumn = segment_column,
  .xRowid = row_id,
};

int
dms_player_tables_register (DmsPlayer *player)
{
  int code = sqlite3_create_module (player->db, "event", &event_module, player);
  return code != SQLITE_OK
             ? code
             : sqlite3_create_module (player->db, "segment", &segment_module, player);
}
