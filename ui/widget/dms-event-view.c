/* dms-event-view.c — the events of a recording as a list: the selected one is the
 * cursor
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/widget/dms-event-view.h"

#include "ui/widget/dms-compat.h"
#include "ui/widget/dms-event-model.h"

#include <glib/gi18n.h>

#define ROWS_AROUND 5u
/* The longest names of events are not cut. */
#define EVENT_CHARS 11

struct _DmsEventView
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkColumnView *list;

  DmsEventModel *model;
  GtkSingleSelection *selection;
  gboolean is_following; /* the selection is being set, not chosen */
  guint wanted;          /* row to be scrolled to */
  guint shown;           /* row that was scrolled to last */
  guint tick;
};

enum
{
  SIGNAL_SEEK,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DmsEventView, dms_event_view, GTK_TYPE_WIDGET)

/* ---- cells
 * --------------------------------------------------------------------------------- */

/* Colours of the dots: the families of events that the stage colours alike. */
static const char *
dot_class (guint kind)
{
  switch (kind)
    {
    case DMS_EVENT_BOUNCE:
    case DMS_EVENT_COPY:
      return "bounce";
    case DMS_EVENT_MAP:
    case DMS_EVENT_GRANT:
    case DMS_EVENT_PAGE:
    case DMS_EVENT_ALLOC:
    case DMS_EVENT_IOMMU_MAP:
      return "map";
    case DMS_EVENT_BURST:
    case DMS_EVENT_START:
    case DMS_EVENT_DESCRIPTOR:
    case DMS_EVENT_INTERRUPT:
      return "device";
    case DMS_EVENT_REFUSE:
    case DMS_EVENT_STRAY:
    case DMS_EVENT_FAULT:
      return "fault";
    default:
      return "other";
    }
}

static void
setup_text_cb (G_GNUC_UNUSED GtkListItemFactory *factory,
               GtkListItem *item,
               gpointer is_end)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), is_end ? 1 : 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, "numeric");
  gtk_list_item_set_child (item, label);
}

static void
setup_event_cb (G_GNUC_UNUSED GtkListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 7);
  GtkWidget *dot = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *label = gtk_label_new (NULL);

  gtk_widget_set_valign (dot, GTK_ALIGN_CENTER);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_width_chars (GTK_LABEL (label), EVENT_CHARS);
  gtk_box_append (GTK_BOX (box), dot);
  gtk_box_append (GTK_BOX (box), label);
  gtk_list_item_set_child (item, box);
}

static void
bind_time_cb (G_GNUC_UNUSED GtkListItemFactory *factory, GtkListItem *item)
{
  DmsEventRow *row = gtk_list_item_get_item (item);

  gtk_label_set_text (GTK_LABEL (gtk_list_item_get_child (item)),
                      dms_event_row_time (row));
}

static void
bind_task_cb (G_GNUC_UNUSED GtkListItemFactory *factory, GtkListItem *item)
{
  DmsEventRow *row = gtk_list_item_get_item (item);

  gtk_label_set_text (GTK_LABEL (gtk_list_item_get_child (item)),
                      dms_event_row_task (row));
}

static void
bind_bytes_cb (G_GNUC_UNUSED GtkListItemFactory *factory, GtkListItem *item)
{
  DmsEventRow *row = gtk_list_item_get_item (item);

  gtk_label_set_text (GTK_LABEL (gtk_list_item_get_child (item)),
                      dms_event_row_bytes (row));
}

static void
bind_event_cb (G_GNUC_UNUSED GtkListItemFactory *factory, GtkListItem *item)
{
  DmsEventRow *row = gtk_list_item_get_item (item);
  GtkWidget *dot = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  const char *classes[] = { "dot", dot_class (dms_event_row_kind (row)), NULL };

  gtk_widget_set_css_classes (dot, classes);
  gtk_label_set_text (GTK_LABEL (gtk_widget_get_next_sibling (dot)),
                      dms_event_row_name (row));
}

static void
add_column (DmsEventView *view,
            const char *title,
            int width,
            GCallback setup,
            GCallback bind,
            gboolean is_end)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkColumnViewColumn *column;

  g_signal_connect (factory, "setup", setup, GINT_TO_POINTER (is_end));
  g_signal_connect (factory, "bind", bind, NULL);
  column = gtk_column_view_column_new (title, factory);
  if (width > 0)
    gtk_column_view_column_set_fixed_width (column, width);
  else
    gtk_column_view_column_set_expand (column, TRUE);
  gtk_column_view_append_column (view->list, column);
  g_object_unref (column);
}

/* ---- selection
 * -------------------------------------------------------------------------------- */

static void
selected_cb (DmsEventView *view)
{
  guint position = gtk_single_selection_get_selected (view->selection);

  if (!view->is_following && position != GTK_INVALID_LIST_POSITION)
    g_signal_emit (view, signals[SIGNAL_SEEK], 0, (guint64)position + 1);
}

/* The list moves so far that some rows are in view beyond the one that is wanted. */
static void
show_row (DmsEventView *view, guint position)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (view->model));
  guint beyond = position >= view->shown ? MIN (position + ROWS_AROUND, n - 1)
                                         : position - MIN (position, ROWS_AROUND);

  view->shown = position;
  dms_compat_scroll_to_row (view->list, beyond);
}

/* A list without a size scrolls to nowhere; and however many moves there are between
 * two frames, one scroll is enough. */
static gboolean
scroll_cb (GtkWidget *widget, G_GNUC_UNUSED GdkFrameClock *clock, gpointer data)
{
  DmsEventView *view = DMS_EVENT_VIEW (widget);

  (void)data;
  if (gtk_widget_get_height (GTK_WIDGET (view->list)) <= 0)
    return G_SOURCE_CONTINUE;
  view->tick = 0;
  show_row (view, view->wanted);
  return G_SOURCE_REMOVE;
}

static void
follow (DmsEventView *view, guint64 seq)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (view->model));
  guint position = seq > 0 && seq <= n ? (guint)(seq - 1) : GTK_INVALID_LIST_POSITION;

  view->is_following = TRUE;
  gtk_single_selection_set_selected (view->selection, position);
  view->is_following = FALSE;
  if (n == 0)
    return;
  view->wanted = position == GTK_INVALID_LIST_POSITION ? 0 : position;
  if (view->tick == 0)
    view->tick
        = gtk_widget_add_tick_callback (GTK_WIDGET (view), scroll_cb, NULL, NULL);
}

/* ---- life
 * ---------------------------------------------------------------------------------------
 */

static void
dispose (GObject *object)
{
  DmsEventView *view = DMS_EVENT_VIEW (object);

  if (view->selection)
    g_signal_handlers_disconnect_by_data (view->selection, view);
  g_clear_object (&view->selection);
  g_clear_object (&view->model);
  g_clear_pointer (&view->box, gtk_widget_unparent);
  G_OBJECT_CLASS (dms_event_view_parent_class)->dispose (object);
}

static void
dms_event_view_class_init (DmsEventViewClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "eventview");
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/dmascope/Dmascope/widget/event-view.ui");
  gtk_widget_class_bind_template_child (widget_class, DmsEventView, box);
  gtk_widget_class_bind_template_child (widget_class, DmsEventView, list);

  signals[SIGNAL_SEEK] = g_signal_new ("seek",
                                       DMS_TYPE_EVENT_VIEW,
                                       G_SIGNAL_RUN_LAST,
                                       0,
                                       NULL,
                                       NULL,
                                       NULL,
                                       G_TYPE_NONE,
                                       1,
                                       G_TYPE_UINT64);
}

static void
dms_event_view_init (DmsEventView *view)
{
  gtk_widget_init_template (GTK_WIDGET (view));
  view->model = dms_event_model_new ();
  view->selection
      = gtk_single_selection_new (G_LIST_MODEL (g_object_ref (view->model)));
  gtk_single_selection_set_autoselect (view->selection, FALSE);
  gtk_single_selection_set_can_unselect (view->selection, TRUE);
  g_signal_connect_swapped (
      view->selection, "notify::selected", G_CALLBACK (selected_cb), view);
  add_column (view,
              _ ("time, s"),
              108,
              G_CALLBACK (setup_text_cb),
              G_CALLBACK (bind_time_cb),
              FALSE);
  add_column (view,
              _ ("event"),
              0,
              G_CALLBACK (setup_event_cb),
              G_CALLBACK (bind_event_cb),
              FALSE);
  add_column (view,
              _ ("process"),
              96,
              G_CALLBACK (setup_text_cb),
              G_CALLBACK (bind_task_cb),
              FALSE);
  add_column (view,
              _ ("bytes"),
              84,
              G_CALLBACK (setup_text_cb),
              G_CALLBACK (bind_bytes_cb),
              TRUE);
  dms_compat_align_last_title (view->list);
  gtk_column_view_set_model (view->list, GTK_SELECTION_MODEL (view->selection));
}

GtkWidget *
dms_event_view_new (void)
{
  return g_object_new (DMS_TYPE_EVENT_VIEW, NULL);
}

void
dms_event_view_set_moment (DmsEventView *view,
                           const DmsMoment *moment,
                           gboolean is_new_run)
{
  g_return_if_fail (DMS_IS_EVENT_VIEW (view));

  if (is_new_run || !moment)
    {
      view->is_following = TRUE;
      dms_event_model_set_player (view->model, moment ? moment->player : NULL);
      view->is_following = FALSE;
    }
  if (moment)
    follow (view, moment->seq);
}

void
dms_event_view_grow (DmsEventView *view)
{
  g_return_if_fail (DMS_IS_EVENT_VIEW (view));
  dms_event_model_grow (view->model);
}
