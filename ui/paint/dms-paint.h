/* dms-paint.h — pure painters: a scene and a theme become cairo strokes
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "ui/scene/dms-scene.h"
#include "ui/scene/dms-timeline-scene.h"

#include <cairo.h>

typedef struct
{
  double r, g, b, a;
} DmsColor;

typedef struct DmsTheme DmsTheme;

typedef enum
{
  DMS_THEME_LIGHT,
  DMS_THEME_DARK
} DmsThemeKind;

/* Static; colours of ARCHITECTURE's table "State and look", dark after the reference.
 */
const DmsTheme *dms_theme_get (DmsThemeKind kind);
/* Ground of the stage and of the timeline, for whoever clears the surface. */
DmsColor dms_theme_stage_ground (const DmsTheme *theme);
DmsColor dms_theme_timeline_ground (const DmsTheme *theme);

/* Laid-out texts, kept between frames; one for each thread. */
typedef struct DmsTextCache DmsTextCache;
DmsTextCache *dms_text_cache_new (void);
void dms_text_cache_free (DmsTextCache *cache);

/* Each paints into the scene's own pixels from 0,0 on, ground included. */
void dms_paint_stage (cairo_t *cr,
                      const DmsScene *scene,
                      const DmsTheme *theme,
                      DmsTextCache *cache);
/**
 * dms_paint_stage_keys:
 * @areas: parts of the scene
 * @ret_keys: (array length=n_areas): one key for each
 *
 * While the key of an area stays the same, so does what dms_paint_stage() paints there,
 * with the same theme: only what changed has to be painted anew.
 */
void dms_paint_stage_keys (const DmsScene *scene,
                           const DmsRect *areas,
                           size_t n_areas,
                           uint64_t *ret_keys);
void dms_paint_timeline (cairo_t *cr,
                         const DmsTimelineScene *scene,
                         const DmsTheme *theme,
                         DmsTextCache *cache);
/* On top, in their own layer: focus and hover; the playhead. @item may be DMS_NO_ITEM.
 */
void dms_paint_stage_focus (cairo_t *cr,
                            const DmsScene *scene,
                            const DmsTheme *theme,
                            size_t item);
void
dms_paint_playhead (cairo_t *cr, const DmsTimelineScene *scene, const DmsTheme *theme);

typedef enum
{
  DMS_PICTURE_PNG,
  DMS_PICTURE_SVG,
  DMS_PICTURE_PDF
} DmsPictureFormat;

/**
 * dms_picture_write:
 * @paint: paints the picture of @width × @height pixels
 * @path: file to be written; replaced only when the whole picture is made
 * @ret_reason: on failure what the system says (static)
 *
 * The same bytes for the same picture: no dates, no names of this machine.
 */
bool dms_picture_write (const char *path,
                        DmsPictureFormat format,
                        double width,
                        double height,
                        void (*paint) (cairo_t *cr, void *data),
                        void *data,
                        const char **ret_reason);
