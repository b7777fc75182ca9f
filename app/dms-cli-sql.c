/* dms-cli-sql.c — dmascope sql: asks a trace a question
 *
 * SPDX-License-Identifier: MIT
 */
#include "app/dms-cli.h"

typedef struct
{
  gboolean has_head;
} Table;

/* A tab or line end inside a value would be taken for the table's own. */
static void
put_cells (int n, const char *const *cells)
{
  for (int i = 0; i < n; i++)
    {
      g_autofree char *valid
          = cells[i] ? g_utf8_make_valid (cells[i], -1) : g_strdup ("");
      g_strdelimit (valid, "\t\r\n", ' ');
      dms_cli_put (valid);
      dms_cli_put (i + 1 < n ? "\t" : "\n");
    }
}

static gboolean
row_cb (int n_columns,
        const char *const *names,
        const char *const *values,
        gpointer data)
{
  Table *table = data;

  if (!table->has_head)
    put_cells (n_columns, names);
  table->has_head = TRUE;
  put_cells (n_columns, values);
  return !dms_cli_is_over ();
}

static DmsExit
run (int argc, char **argv)
{
  g_auto (DmsCliLine) line = { 0 };
  g_autoptr (DmsOpened) opened = NULL;
  g_autoptr (GError) error = NULL;
  DmsExit status = DMS_EXIT_DONE;
  Table table = { FALSE };

  if (!dms_cli_line_init (&line, &dms_cli_sql, NULL, FALSE, 2, 2, argc, argv, &status))
    return status;
  opened = dms_cli_open (line.rest[0], &status);
  if (!opened)
    return status;
  if (!dms_player_sql (dms_opened_player (opened), line.rest[1], row_cb, &table, &error)
      && error && !dms_cli_is_over ())
    return dms_cli_fail_error (error);
  return DMS_EXIT_DONE;
}

const DmsCommand dms_cli_sql = {
  .name = "sql",
  .arguments = "FILE QUERY",
  .summary = "Ask a trace a question in SQL; columns are separated by tabs",
  .description = "Tables: event, segment, and those of docs/trace-format.md.\n\n"
                 "For example, how many bytes each device moved:\n"
                 "  dmascope sql FILE \"SELECT device, sum(length) FROM event\n"
                 "                     WHERE kind = 'burst' GROUP BY device\"",
  .run = run,
};
