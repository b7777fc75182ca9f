/* dms-code-view.c — the driver's source, the statement that runs, the calls, the IRQL
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/widget/dms-code-view.h"

#include "ui/widget/dms-code-bar.h"
#include "ui/widget/dms-statement.h"
#include "ui/widget/dms-widget.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <gtksourceview/gtksource.h>
#include <string.h>

/* How far down the pane a statement is put that was not in view. */
#define SCROLL_ALIGN 0.35
#define MEASURING_FRAMES 3

struct _DmsCodeView
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkWidget *head;
  GtkLabel *file;
  GtkLabel *path;
  GtkLabel *irql;
  GtkSourceView *text;

  GtkSourceBuffer *buffer;
  GtkTextTag *running, *left; /* looks of a statement that runs, or was left */
  GtkTextTag *tagged;         /* the one that is set, NULL for none, and where */
  guint tagged_first, tagged_last;
  GtkTextMark *place; /* that is scrolled into view */
  DmsCodeBar *bar;
  char *shown;  /* name of the file in the buffer */
  char *source; /* its text */
  guint tick;
  int frames_left; /* before the text is scrolled */
  guint first, last;
  gboolean is_running; /* the driver's code runs; else the mark is where it was left */
};

G_DEFINE_FINAL_TYPE (DmsCodeView, dms_code_view, GTK_TYPE_WIDGET)

/* ---- looks
 * ---------------------------------------------------------------------------------- */

typedef struct
{
  const char *scheme, *running, *running_bar, *left, *left_bar;
} Look;

static const Look *
current_look (void)
{
  static const Look light = { "Adwaita", "#dfeafa", "#3584e4", "#ebebed", "#77767b" };
  static const Look dark
      = { "Adwaita-dark", "#1d3557", "#62a0ea", "#35353a", "#9a9996" };

  return adw_style_manager_get_dark (adw_style_manager_get_default ()) ? &dark : &light;
}

static void
get_lines (DmsCodeView *view,
           guint first,
           guint last,
           GtkTextIter *ret_start,
           GtkTextIter *ret_end)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (view->buffer);

  gtk_text_buffer_get_iter_at_line (buffer, ret_start, (int)first - 1);
  gtk_text_buffer_get_iter_at_line (buffer, ret_end, (int)last - 1);
  gtk_text_iter_forward_to_line_end (ret_end);
}

/* Every line that a tag goes from or comes to is laid out anew, so only these are
 * touched. */
static void
tag_lines (DmsCodeView *view, GtkTextTag *tag)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (view->buffer);
  GtkTextIter start, end;

  if (view->tagged)
    {
      get_lines (view, view->tagged_first, view->tagged_last, &start, &end);
      gtk_text_buffer_remove_tag (buffer, view->tagged, &start, &end);
    }
  view->tagged = view->first > 0 ? tag : NULL;
  view->tagged_first = view->first;
  view->tagged_last = view->last;
  if (!view->tagged)
    return;
  get_lines (view, view->first, view->last, &start, &end);
  gtk_text_buffer_apply_tag (buffer, tag, &start, &end);
}

static void
show_mark (DmsCodeView *view)
{
  const Look *look = current_look ();
  GtkTextTag *tag = view->is_running ? view->running : view->left;
  GdkRGBA bar;

  gdk_rgba_parse (&bar, view->is_running ? look->running_bar : look->left_bar);
  dms_code_bar_mark (view->bar, view->first, view->last, &bar);
  if (view->tagged != tag || view->tagged_first != view->first
      || view->tagged_last != view->last)
    tag_lines (view, tag);
}

static void
theme_cb (GtkWidget *widget)
{
  DmsCodeView *view = DMS_CODE_VIEW (widget);
  GtkSourceStyleScheme *scheme = gtk_source_style_scheme_manager_get_scheme (
      gtk_source_style_scheme_manager_get_default (), current_look ()->scheme);

  if (scheme)
    gtk_source_buffer_set_style_scheme (view->buffer, scheme);
  g_object_set (view->running, "paragraph-background", current_look ()->running, NULL);
  g_object_set (view->left, "paragraph-background", current_look ()->left, NULL);
  show_mark (view);
}

/* ---- which file, which lines
 * ------------------------------------------------------------------ */

/* The file that is named first is the one that the run begins in. */
static const char *
first_file (const DmsNames *names)
{
  for (guint32 id = 1; id <= dms_names_count (names); id++)
    {
      const DmsName *name = dms_names_get (names, id);

      if (name && name->kind == DMS_NAME_FILE)
        return name->text;
    }
  return NULL;
}

/* Where the driver is; before its first call, where it will be. */
static const char *
file_of (const DmsMoment *moment)
{
  const DmsNames *names = dms_player_names (moment->player);
  guint32 file
      = moment->opening.file ? moment->opening.file : dms_moment_state (moment)->file;

  return file != 0 ? dms_names_text (names, file) : first_file (names);
}

static guint
line_of (const DmsMoment *moment)
{
  return moment->opening.line ? moment->opening.line : dms_moment_state (moment)->line;
}

static void
load (DmsCodeView *view, DmsPlayer *player, const char *name)
{
  g_autoptr (GError) error = NULL;
  char *text = name ? dms_player_source (player, name, &error) : NULL;

  if (error)
    g_warning ("%s", error->message);
  g_free (view->source);
  view->source = text ? text : g_strdup ("");
  g_free (view->shown);
  view->shown = g_strdup (name);
  gtk_label_set_text (view->file, name ? name : _ ("no source"));
  view->tagged = NULL;
  gtk_text_buffer_set_text (GTK_TEXT_BUFFER (view->buffer), view->source, -1);
}

static void
find_mark (DmsCodeView *view, guint line)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (view->buffer);

  view->first = view->last = 0;
  if (line == 0 || line > (guint)gtk_text_buffer_get_line_count (buffer))
    return;
  dms_statement_lines (
      view->source, strlen (view->source), line, &view->first, &view->last);
}

static gboolean
is_line_in_view (DmsCodeView *view, guint line)
{
  GtkTextView *text = GTK_TEXT_VIEW (view->text);
  GdkRectangle visible, place;
  GtkTextIter iter;

  gtk_text_buffer_get_iter_at_line (
      GTK_TEXT_BUFFER (view->buffer), &iter, (int)line - 1);
  gtk_text_view_get_visible_rect (text, &visible);
  gtk_text_view_get_iter_location (text, &iter, &place);
  return place.y >= visible.y && place.y + place.height <= visible.y + visible.height;
}

/* The text only moves when the statement is not in view; then there is some before it.
 */
static void
show_statement (DmsCodeView *view)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (view->buffer);
  GtkTextIter iter;

  if (view->first == 0
      || (is_line_in_view (view, view->first) && is_line_in_view (view, view->last)))
    return;
  gtk_text_buffer_get_iter_at_line (buffer, &iter, (int)view->first - 1);
  gtk_text_buffer_move_mark (buffer, view->place, &iter);
  gtk_text_view_scroll_to_mark (
      GTK_TEXT_VIEW (view->text), view->place, 0.0, TRUE, 0.0, SCROLL_ALIGN);
}

static gboolean
scroll_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  DmsCodeView *view = DMS_CODE_VIEW (widget);

  (void)clock;
  (void)data;
  if (gtk_widget_get_height (GTK_WIDGET (view->text)) <= 1 || view->frames_left-- > 0)
    return G_SOURCE_CONTINUE;
  view->tick = 0;
  show_statement (view);
  return G_SOURCE_REMOVE;
}

/* A text that has just been set is measured in the frames that follow; before that
 * nobody knows where its lines are. */
static void
scroll_to_mark (DmsCodeView *view, gboolean is_new_text)
{
  view->frames_left = MAX (view->frames_left, is_new_text ? MEASURING_FRAMES : 0);
  if (view->tick == 0)
    view->tick
        = gtk_widget_add_tick_callback (GTK_WIDGET (view), scroll_cb, NULL, NULL);
}

/* ---- the words above and below
 * ------------------------------------------------------------------ */

static gboolean
is_device_running (const DmsState *state)
{
  size_t at = 0;
  const DmsDeviceState *device;

  while ((device = dms_table_next (&state->devices, &at, NULL)))
    if (device->running)
      return TRUE;
  return FALSE;
}

static const char *
path_text (const DmsMoment *moment)
{
  if (moment->path[0])
    return moment->path;
  return is_device_running (dms_moment_state (moment))
             ? _ ("no driver code runs: the device works")
             : _ ("no driver code runs");
}

/* "DISPATCH" for DISPATCH_LEVEL; the whole word is in the tooltip. */
static void
show_irql (DmsCodeView *view, const DmsMoment *moment)
{
  const char *name = dms_context_name (moment->opening.context);
  g_autofree char *tooltip = g_strdup_printf (_ ("IRQL: %s"), name);
  g_autofree char *brief = g_strdup (name);

  if (g_str_has_suffix (brief, "_LEVEL"))
    brief[strlen (brief) - strlen ("_LEVEL")] = '\0';
  gtk_label_set_text (view->irql, brief);
  gtk_widget_set_tooltip_text (GTK_WIDGET (view->irql), tooltip);
  if (moment->opening.context > DMS_CONTEXT_PASSIVE)
    gtk_widget_add_css_class (GTK_WIDGET (view->irql), "raised-irql");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (view->irql), "raised-irql");
}

/* ---- life
 * ------------------------------------------------------------------------------------------
 */

static void
dispose (GObject *object)
{
  DmsCodeView *view = DMS_CODE_VIEW (object);

  g_clear_pointer (&view->box, gtk_widget_unparent);
  G_OBJECT_CLASS (dms_code_view_parent_class)->dispose (object);
}

static void
finalize (GObject *object)
{
  DmsCodeView *view = DMS_CODE_VIEW (object);

  g_free (view->shown);
  g_free (view->source);
  G_OBJECT_CLASS (dms_code_view_parent_class)->finalize (object);
}

static void
dms_code_view_class_init (DmsCodeViewClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->dispose = dispose;
  object_class->finalize = finalize;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "codeview");
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/dmascope/Dmascope/widget/code-view.ui");
  gtk_widget_class_bind_template_child (widget_class, DmsCodeView, box);
  gtk_widget_class_bind_template_child (widget_class, DmsCodeView, head);
  gtk_widget_class_bind_template_child (widget_class, DmsCodeView, file);
  gtk_widget_class_bind_template_child (widget_class, DmsCodeView, path);
  gtk_widget_class_bind_template_child (widget_class, DmsCodeView, irql);
  gtk_widget_class_bind_template_child (widget_class, DmsCodeView, text);
}

static void
add_bar (DmsCodeView *view)
{
  GtkSourceGutter *gutter
      = gtk_source_view_get_gutter (view->text, GTK_TEXT_WINDOW_LEFT);
  GtkSourceGutterRenderer *bar = dms_code_bar_new ();

  view->bar = DMS_CODE_BAR (bar);
  gtk_source_gutter_insert (gutter, bar, -100);
}

static void
dms_code_view_init (DmsCodeView *view)
{
  GtkSourceLanguage *language;
  GtkTextIter start;

  gtk_widget_init_template (GTK_WIDGET (view));
  view->buffer
      = GTK_SOURCE_BUFFER (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view->text)));
  language = gtk_source_language_manager_get_language (
      gtk_source_language_manager_get_default (), "c");
  if (language)
    gtk_source_buffer_set_language (view->buffer, language);
  gtk_source_buffer_set_highlight_matching_brackets (view->buffer, FALSE);
  view->running
      = gtk_text_buffer_create_tag (GTK_TEXT_BUFFER (view->buffer), NULL, NULL);
  view->left = gtk_text_buffer_create_tag (GTK_TEXT_BUFFER (view->buffer), NULL, NULL);
  gtk_text_buffer_get_start_iter (GTK_TEXT_BUFFER (view->buffer), &start);
  view->place = gtk_text_buffer_create_mark (
      GTK_TEXT_BUFFER (view->buffer), NULL, &start, TRUE);
  add_bar (view);
  dms_widget_follow_theme (GTK_WIDGET (view), theme_cb);
  theme_cb (GTK_WIDGET (view));
}

GtkWidget *
dms_code_view_new (void)
{
  return g_object_new (DMS_TYPE_CODE_VIEW, NULL);
}

void
dms_code_view_set_moment (DmsCodeView *view,
                          const DmsMoment *moment,
                          gboolean is_new_run)
{
  const char *name;
  gboolean is_new_text;

  g_return_if_fail (DMS_IS_CODE_VIEW (view));
  if (!moment)
    return;
  name = file_of (moment);
  is_new_text = is_new_run || g_strcmp0 (name, view->shown) != 0;
  if (is_new_text)
    load (view, moment->player, name);
  view->is_running = moment->path[0] != '\0';
  find_mark (view, line_of (moment));
  show_mark (view);
  scroll_to_mark (view, is_new_text);
  gtk_label_set_text (view->path, path_text (moment));
  gtk_widget_set_tooltip_text (GTK_WIDGET (view->path), path_text (moment));
  show_irql (view, moment);
}

void
dms_code_view_grow (DmsCodeView *view, const DmsMoment *moment)
{
  g_return_if_fail (DMS_IS_CODE_VIEW (view));
  if (!view->source || !view->source[0])
    dms_code_view_set_moment (view, moment, TRUE);
}

void
dms_code_view_marked (DmsCodeView *view, guint *ret_first, guint *ret_last)
{
  g_return_if_fail (DMS_IS_CODE_VIEW (view));
  *ret_first = view->first;
  *ret_last = view->last;
}
