/* dms-code-view.h — the driver's source, the statement that runs, the calls, the IRQL
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "ui/widget/dms-moment.h"

#include <gtk/gtk.h>

#define DMS_TYPE_CODE_VIEW (dms_code_view_get_type ())
G_DECLARE_FINAL_TYPE (DmsCodeView, dms_code_view, DMS, CODE_VIEW, GtkWidget)

GtkWidget *dms_code_view_new (void) G_GNUC_WARN_UNUSED_RESULT;
/* @moment: (nullable): read during the call only */
void dms_code_view_set_moment (DmsCodeView *view,
                               const DmsMoment *moment,
                               gboolean is_new_run);
/* There is more in the trace than before: a source that was not there may be there now.
 */
void dms_code_view_grow (DmsCodeView *view, const DmsMoment *moment);
/* The lines that are marked, from 1; 0 when none is. */
void dms_code_view_marked (DmsCodeView *view, guint *ret_first, guint *ret_last);
