/* dms-stage-item.c — one thing on the stage, for keyboard and screen reader
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/widget/dms-stage-item.h"

struct _DmsStageItem
{
  GtkWidget parent_instance;
  char *id;
  char *sentence;
  int place, n;
};

G_DEFINE_FINAL_TYPE (DmsStageItem, dms_stage_item, GTK_TYPE_WIDGET)

static void
finalize (GObject *object)
{
  DmsStageItem *item = DMS_STAGE_ITEM (object);

  g_free (item->id);
  g_free (item->sentence);
  G_OBJECT_CLASS (dms_stage_item_parent_class)->finalize (object);
}

static void
dms_stage_item_class_init (DmsStageItemClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = finalize;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name (widget_class, "stageitem");
}

static void
dms_stage_item_init (DmsStageItem *item)
{
  gtk_widget_set_focusable (GTK_WIDGET (item), TRUE);
  /* The pointer is the stage's, which knows what lies on top of what. */
  gtk_widget_set_can_target (GTK_WIDGET (item), FALSE);
}

GtkWidget *
dms_stage_item_new (const char *id)
{
  DmsStageItem *item = g_object_new (DMS_TYPE_STAGE_ITEM, NULL);

  item->id = g_strdup (id);
  return GTK_WIDGET (item);
}

const char *
dms_stage_item_id (DmsStageItem *item)
{
  return item->id;
}

const char *
dms_stage_item_sentence (DmsStageItem *item)
{
  return item->sentence;
}

void
dms_stage_item_update (DmsStageItem *item, const char *sentence, int place, int n)
{
  GtkAccessible *accessible = GTK_ACCESSIBLE (item);

  if (g_strcmp0 (item->sentence, sentence) != 0)
    {
      g_free (item->sentence);
      item->sentence = g_strdup (sentence);
      gtk_accessible_update_property (accessible,
                                      GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      item->sentence ? item->sentence : "",
                                      -1);
    }
  if (item->place != place || item->n != n)
    {
      item->place = place;
      item->n = n;
      gtk_accessible_update_relation (accessible,
                                      GTK_ACCESSIBLE_RELATION_POS_IN_SET,
                                      place,
                                      GTK_ACCESSIBLE_RELATION_SET_SIZE,
                                      n,
                                      -1);
    }
}
