/* dms-cli-text.h — lines of text about events, as the commands print them
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "data/trace/dms-player.h"
#include "engine/core/dms-sentence.h"

#define DMS_TEXT_GAP "  "      /* between columns */
#define DMS_TEXT_TIME_WIDTH 12 /* "1 234.567 µs" */

/* How wide the columns of a trace are. */
typedef struct
{
  gboolean is_recording; /* each event is a step; times are those of a clock */
  int seq_width;
  int step_width;
} DmsTextColumns;

void dms_text_columns_init (DmsTextColumns *columns, DmsPlayer *player);

/* "9.610 µs" of model time, exact; "13.011706 s" of a recording. Right-aligned when
 * @is_column. */
void dms_text_append_time (DmsBytes *bytes,
                           gint64 t_ns,
                           gboolean is_recording,
                           gboolean is_column);

/**
 * dms_text_append_event:
 * @state: the state right after @event; may be NULL
 * @has_seq: whether the line begins with the event's number
 *
 * One line with its end: seq, step, time, sentence and in parentheses the place.
 */
void dms_text_append_event (DmsBytes *bytes,
                            const DmsEvent *event,
                            const DmsState *state,
                            const DmsNames *names,
                            const DmsTextColumns *columns,
                            gboolean has_seq);
/* "1 finding", "12 findings". */
void
dms_text_append_count (DmsBytes *bytes, guint64 n, const char *one, const char *many);
/* Prints @bytes to standard output and releases it. */
void dms_text_put (DmsBytes *bytes);
