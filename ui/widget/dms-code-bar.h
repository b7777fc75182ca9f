/* dms-code-bar.h — the bar at the left of the lines that run
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include <gtksourceview/gtksource.h>

#define DMS_TYPE_CODE_BAR (dms_code_bar_get_type ())
G_DECLARE_FINAL_TYPE (DmsCodeBar, dms_code_bar, DMS, CODE_BAR, GtkSourceGutterRenderer)

GtkSourceGutterRenderer *dms_code_bar_new (void) G_GNUC_WARN_UNUSED_RESULT;
/* Lines count from 1; 0 and 0 for none. */
void dms_code_bar_mark (DmsCodeBar *bar, guint first, guint last, const GdkRGBA *color);
