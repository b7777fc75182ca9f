/* fuzz-scene.c — bytes as events, and a picture of the state after each
 *
 * The same inputs as fuzz-events.c: 'E' and events, or 'S' and a saved state without
 * its checksum. Every state has a scene; some of the scenes are painted.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/fuzz/fuzz-event.h"
#include "tests/fuzz/fuzz.h"

#include "engine/core/dms-state-private.h"
#include "ui/paint/dms-paint.h"

#include <math.h>
#include <stdlib.h>

enum
{
  EVENTS_MAX = 300,
  PAINT_EVERY = 16,
  IMAGE = 160
};

typedef struct
{
  DmsState *state;
  DmsScene *scene;
  DmsTextCache *cache;
  cairo_surface_t *image;
} Studio;

static void
check_scene (const DmsScene *scene)
{
  size_t n, n_links;
  const DmsItem *items = dms_scene_items (scene, &n);
  const DmsLink *links = dms_scene_links (scene, &n_links);

  for (size_t i = 0; i < n; i++)
    if (!isfinite (items[i].rect.x) || !isfinite (items[i].rect.y)
        || !(items[i].rect.width >= 0) || !(items[i].rect.height >= 0)
        || items[i].n_lines > DMS_ITEM_LINES_MAX)
      abort ();
  for (size_t i = 0; i < n_links; i++)
    if (links[i].from >= n || links[i].to >= n)
      abort ();
}

static void
show (Studio *studio, const DmsEvent *event, bool is_painted)
{
  /* Sizes that the input decides, but for which a picture is quickly made. */
  double width = (double)(studio->state->seq * 37 % 2000);
  double height = (double)(studio->state->seq * 53 % 1400);

  if (dms_scene_build (studio->scene,
                       studio->state,
                       event,
                       event,
                       NULL,
                       NULL,
                       "page:1:0",
                       width,
                       height)
      != DMS_OK)
    abort ();
  check_scene (studio->scene);
  if (!is_painted)
    return;
  cairo_t *cr = cairo_create (studio->image);
  dms_paint_stage (cr, studio->scene, dms_theme_get (DMS_THEME_LIGHT), studio->cache);
  if (cairo_status (cr) != CAIRO_STATUS_SUCCESS)
    abort ();
  cairo_destroy (cr);
}

static void
fold_events (Studio *studio, DmsReader *reader)
{
  DmsEvent event;

  for (unsigned i = 0;
       i < EVENTS_MAX && fuzz_read_event (reader, studio->state->seq + 1, &event);
       i++)
    if (dms_state_apply (studio->state, &event) == DMS_OK)
      show (studio, &event, i % PAINT_EVERY == 0);
}

static bool
load_state (DmsState *state, const uint8_t *data, size_t length)
{
  uint64_t sum = dms_state_checksum (data, length);
  DmsBytes bytes;

  dms_bytes_init (&bytes);
  dms_bytes_append (&bytes, data, length);
  for (unsigned i = 0; i < DMS_STATE_CHECKSUM_BYTES; i++)
    dms_bytes_append_byte (&bytes, (uint8_t)(sum >> (8 * i)));
  bool is_loaded = dms_state_load (state, bytes.data, bytes.length) == DMS_OK
                   && state->seq < UINT64_MAX / 64;
  dms_bytes_release (&bytes);
  return is_loaded;
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t length)
{
  Studio studio = {
    .state = dms_state_new (),
    .scene = dms_scene_new (),
    .cache = dms_text_cache_new (),
    .image = cairo_image_surface_create (CAIRO_FORMAT_RGB24, IMAGE, IMAGE),
  };
  DmsReader reader;

  if (studio.state != NULL && studio.scene != NULL && length > 0)
    {
      dms_reader_init (&reader, bytes + 1, length - 1);
      if (bytes[0] != 'S')
        fold_events (&studio, &reader);
      else if (load_state (studio.state, bytes + 1, length - 1))
        show (&studio, NULL, true);
    }
  cairo_surface_destroy (studio.image);
  dms_text_cache_free (studio.cache);
  dms_scene_free (studio.scene);
  dms_state_free (studio.state);
  return 0;
}
