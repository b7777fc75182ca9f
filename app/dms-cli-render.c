/* dms-cli-render.c — dmascope render: draws a moment, or every step, into files
 *
 * SPDX-License-Identifier: MIT
 */
#include "app/dms-cli.h"
#include "app/dms-render.h"

#include <string.h>

typedef struct
{
  char *position;
  gboolean is_each_step;
  char *view;
  char *size;
  char *theme;
  char *output;
} Options;

static void
options_clear (Options *options)
{
  g_clear_pointer (&options->position, g_free);
  g_clear_pointer (&options->view, g_free);
  g_clear_pointer (&options->size, g_free);
  g_clear_pointer (&options->theme, g_free);
  g_clear_pointer (&options->output, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* ---- options --------------------------------------------------------------------- */

static DmsExit
fail (const char *option, const char *found, const char *needed)
{
  return dms_cli_fail_usage (
      &dms_cli_render, "--%s is \"%s\"; %s is needed", option, found, needed);
}

static gboolean
parse_size (const char *text, DmsRenderOptions *render)
{
  g_auto (GStrv) parts = g_strsplit (text, "x", -1);
  guint64 width, height;

  if (g_strv_length (parts) != 2
      || !g_ascii_string_to_unsigned (
          parts[0], 10, 1, DMS_RENDER_SIZE_MAX, &width, NULL)
      || !g_ascii_string_to_unsigned (
          parts[1], 10, 1, DMS_RENDER_SIZE_MAX, &height, NULL))
    return FALSE;
  render->width = (double)width;
  render->height = (double)height;
  return TRUE;
}

static gboolean
parse_look (const Options *options, DmsRenderOptions *render, DmsExit *ret_exit)
{
  const char *view = options->view ? options->view : "stage";
  const char *theme = options->theme ? options->theme : "light";

  if (strcmp (view, "stage") == 0 || strcmp (view, "timeline") == 0)
    render->view = strcmp (view, "stage") == 0 ? DMS_VIEW_STAGE : DMS_VIEW_TIMELINE;
  else
    {
      *ret_exit = fail ("view", view, "stage or timeline");
      return FALSE;
    }
  if (strcmp (theme, "light") == 0 || strcmp (theme, "dark") == 0)
    render->theme = strcmp (theme, "light") == 0 ? DMS_THEME_LIGHT : DMS_THEME_DARK;
  else
    {
      *ret_exit = fail ("theme", theme, "light or dark");
      return FALSE;
    }
  if (options->size && !parse_size (options->size, render))
    {
      *ret_exit = fail ("size",
                        options->size,
                        "a width and height such as 1120x700, each from 1 to 16384,");
      return FALSE;
    }
  return TRUE;
}

static gboolean
parse_options (const Options *options, DmsRenderOptions *render, DmsExit *ret_exit)
{
  g_autoptr (GError) error = NULL;
  DmsPictureFormat format;

  if (!parse_look (options, render, ret_exit))
    return FALSE;
  if (!options->position == !options->is_each_step)
    *ret_exit = dms_cli_fail_usage (&dms_cli_render,
                                    "render needs either --at POSITION or --each-step");
  else if (!options->output)
    *ret_exit = dms_cli_fail_usage (&dms_cli_render, "render needs -o PICTURE");
  else if (!dms_render_format (options->output, &format, &error))
    *ret_exit = dms_cli_fail_usage (&dms_cli_render, "%s", error->message);
  else
    return TRUE;
  return FALSE;
}

/* ---- pictures -------------------------------------------------------------------- */

static DmsExit
draw (DmsPlayer *player, guint64 seq, const DmsRenderOptions *render, const char *path)
{
  g_autoptr (GError) error = NULL;

  if (dms_render (player, seq, render, path, &error))
    return DMS_EXIT_DONE;
  if (g_error_matches (error, DMS_RENDER_ERROR, DMS_RENDER_ERROR_WRITE))
    return dms_cli_fail (DMS_EXIT_OUTPUT, "%s", error->message);
  return dms_cli_fail_error (error);
}

static DmsExit
draw_position (DmsPlayer *player,
               const Options *options,
               const DmsRenderOptions *render)
{
  g_autoptr (GError) error = NULL;
  guint64 seq;

  if (!dms_player_parse_position (player, options->position, &seq, &error))
    return dms_cli_fail_error (error);
  return draw (player, seq, render, options->output);
}

/* "out.png" becomes "out-0007.png", with as many digits as the last one needs. */
static char *
numbered (const char *path, guint64 step, guint64 n_steps)
{
  const char *tail = strrchr (path, '.');
  g_autofree char *last = g_strdup_printf ("%" G_GUINT64_FORMAT, n_steps);

  return g_strdup_printf ("%.*s-%0*" G_GUINT64_FORMAT "%s",
                          (int)(tail - path),
                          path,
                          (int)MAX (strlen (last), 2),
                          step,
                          tail);
}

static DmsExit
draw_step (DmsPlayer *player,
           guint64 step,
           const Options *options,
           const DmsRenderOptions *render)
{
  g_autofree char *path = numbered (options->output, step, dms_player_n_steps (player));
  g_autoptr (GError) error = NULL;
  guint64 first, last;

  if (!dms_player_step_events (player, step, &first, &last, &error))
    return dms_cli_fail_error (error);
  return draw (player, last, render, path);
}

static DmsExit
draw_steps (DmsPlayer *player, const Options *options, const DmsRenderOptions *render)
{
  DmsExit status = DMS_EXIT_DONE;

  for (guint64 step = 1; step <= dms_player_n_steps (player) && status == DMS_EXIT_DONE
                         && !dms_cli_is_over ();
       step++)
    status = draw_step (player, step, options, render);
  return status;
}

static DmsExit
run_options (const Options *options, const DmsCliLine *line)
{
  DmsRenderOptions render = { 0 };
  g_autoptr (DmsOpened) opened = NULL;
  DmsExit status = DMS_EXIT_DONE;

  if (!parse_options (options, &render, &status))
    return status;
  opened = dms_cli_open (line->rest[0], &status);
  if (!opened)
    return status;
  return options->position
             ? draw_position (dms_opened_player (opened), options, &render)
             : draw_steps (dms_opened_player (opened), options, &render);
}

static DmsExit
run (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  /* clang-format off */
  const GOptionEntry entries[] = {
    { "at", 0, 0, G_OPTION_ARG_FILENAME, &options.position,
      "Draw there: an event number, step:21, 13.011706s, 50%", "POSITION" },
    { "each-step", 0, 0, G_OPTION_ARG_NONE, &options.is_each_step,
      "Draw every step, into files with its number: out-01.png …", NULL },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output,
      "Write there; the end of the name says the form; needed", "PICTURE.png|svg|pdf" },
    { "view", 0, 0, G_OPTION_ARG_FILENAME, &options.view,
      "What to draw; else the stage", "stage|timeline" },
    { "size", 0, 0, G_OPTION_ARG_FILENAME, &options.size,
      "Width and height in pixels, more where the picture needs it", "WxH" },
    { "theme", 0, 0, G_OPTION_ARG_FILENAME, &options.theme, "Colours; else light",
      "light|dark" },
    G_OPTION_ENTRY_NULL,
  };
  /* clang-format on */
  g_auto (DmsCliLine) line = { 0 };
  DmsExit status = DMS_EXIT_DONE;

  if (!dms_cli_line_init (
          &line, &dms_cli_render, entries, FALSE, 1, 1, argc, argv, &status))
    return status;
  return run_options (&options, &line);
}

const DmsCommand dms_cli_render = {
  .name = "render",
  .arguments = "FILE",
  .summary = "Draw a moment, or every step, as PNG, SVG or PDF",
  .description = "The pictures are those of the window, made by the same painters.",
  .run = run,
};
