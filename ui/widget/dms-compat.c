/* dms-compat.c — calls that newer GTK replaces, behind names of ours
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/widget/dms-compat.h"

#include <adwaita.h>
#include <glib/gi18n.h>

void
dms_compat_scroll_to_row (GtkColumnView *view, guint position)
{
  /* The action is on the list inside, which is the view's last child. */
  GtkWidget *list = gtk_widget_get_last_child (GTK_WIDGET (view));

  if (list)
    gtk_widget_activate_action (list, "list.scroll-to-item", "u", position);
}

void
dms_compat_align_last_title (GtkColumnView *view)
{
  GtkWidget *header = gtk_widget_get_first_child (GTK_WIDGET (view));
  GtkWidget *title = header ? gtk_widget_get_last_child (header) : NULL;
  GtkWidget *box = title ? gtk_widget_get_first_child (title) : NULL;

  if (box)
    gtk_widget_set_halign (box, GTK_ALIGN_END);
}

typedef struct
{
  void (*chosen) (GFile *file, gpointer data);
  gpointer data;
} Ask;

static void
response_cb (GtkNativeDialog *dialog, int response, Ask *ask)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

      if (file)
        ask->chosen (file, ask->data);
    }
  g_object_unref (dialog);
}

static void
ask_free (gpointer ask, G_GNUC_UNUSED GClosure *closure)
{
  g_free (ask);
}

void
dms_compat_ask_open (GtkWindow *parent,
                     const char *title,
                     const char *accept,
                     GListModel *filters,
                     void (*chosen) (GFile *file, gpointer data),
                     gpointer data)
{
  GtkFileChooserNative *dialog;
  Ask *ask = g_new (Ask, 1);

  *ask = (Ask){ chosen, data };
  dialog = gtk_file_chooser_native_new (
      title, parent, GTK_FILE_CHOOSER_ACTION_OPEN, accept, _ ("_Cancel"));
  for (guint i = 0; filters && i < g_list_model_get_n_items (filters); i++)
    {
      g_autoptr (GtkFileFilter) filter = g_list_model_get_item (filters, i);

      gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
    }
  /* The reference is dropped in the callback: nothing else keeps a native dialog alive.
   */
  g_signal_connect_data (
      dialog, "response", G_CALLBACK (response_cb), ask, ask_free, 0);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

void
dms_compat_tell (GtkWindow *parent, const char *heading, const char *body)
{
  GtkWidget *dialog = adw_message_dialog_new (parent, heading, NULL);

  adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (dialog), body);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("_Close"));
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "close");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "close");
  gtk_window_present (GTK_WINDOW (dialog));
}
