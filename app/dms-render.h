/* dms-render.h — one moment of a trace as a picture in a file
 *
 * With the painters of the window, but without a display.
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "data/trace/dms-player.h"
#include "ui/paint/dms-paint.h"

#define DMS_RENDER_ERROR (dms_render_error_quark ())
GQuark dms_render_error_quark (void);

typedef enum
{
  DMS_RENDER_ERROR_FORMAT, /* the file's name does not say a form that can be written */
  DMS_RENDER_ERROR_WRITE,
  DMS_RENDER_ERROR_MEMORY
} DmsRenderError;

typedef enum
{
  DMS_VIEW_STAGE,
  DMS_VIEW_TIMELINE
} DmsView;

/* A picture is at most this many pixels wide and high. */
#define DMS_RENDER_SIZE_MAX 16384

typedef struct
{
  DmsView view;
  double width, height; /* pixels; 0 = as the view likes it */
  DmsThemeKind theme;
} DmsRenderOptions;

/* By the end of the name: .png, .svg or .pdf. */
gboolean
dms_render_format (const char *path, DmsPictureFormat *ret_format, GError **error);

/**
 * dms_render:
 * @player: its cursor is moved
 * @seq: events folded in, 0 to all of them
 * @path: file to be written, of the form that its name says
 *
 * The picture is larger than asked for when what it shows needs more room.
 */
gboolean dms_render (DmsPlayer *player,
                     guint64 seq,
                     const DmsRenderOptions *options,
                     const char *path,
                     GError **error);
