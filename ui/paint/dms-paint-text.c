/* dms-paint-text.c — texts laid out once and kept
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/paint/dms-paint-private.h"

#include <glib.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

enum
{
  CACHE_MAX = 4096,   /* layouts; then all are dropped */
  LAID_OUT_MAX = 2000 /* bytes of one text that are drawn */
};

typedef struct
{
  DmsFont font;
  int width; /* pixels; -1 = as long as it is */
  int lines; /* 1 = cut; more = wrapped, the last one cut */
  char *text;
} Key;

typedef struct
{
  Key key;
  PangoLayout *layout;
  PangoRectangle extents; /* logical, in Pango units */
} Entry;

struct DmsTextCache
{
  PangoFontMap *map;
  PangoContext *context;
  PangoFontDescription *fonts[DMS_FONTS];
  double line_heights[DMS_FONTS];
  GHashTable *entries; /* Key → Entry */
};

static guint
hash_key (gconstpointer data)
{
  const Key *key = data;

  return g_str_hash (key->text) ^ (guint)key->font << 24 ^ (guint)key->width << 8
         ^ (guint)key->lines;
}

static gboolean
equal_keys (gconstpointer one, gconstpointer other)
{
  const Key *a = one, *b = other;

  return a->font == b->font && a->width == b->width && a->lines == b->lines
         && strcmp (a->text, b->text) == 0;
}

static void
free_entry (gpointer data)
{
  Entry *entry = data;

  g_object_unref (entry->layout);
  g_free (entry->key.text);
  g_free (entry);
}

static PangoFontDescription *
describe (DmsFont font)
{
  static const struct
  {
    const char *family;
    double size; /* pixels */
    PangoWeight weight;
  } fonts[DMS_FONTS] = {
    [DMS_FONT_TITLE] = { "Cantarell, sans", 15, PANGO_WEIGHT_BOLD },
    [DMS_FONT_BOLD] = { "Cantarell, sans", 13.5, PANGO_WEIGHT_BOLD },
    [DMS_FONT_BODY] = { "Cantarell, sans", 13.5, PANGO_WEIGHT_NORMAL },
    [DMS_FONT_SMALL_BOLD] = { "Cantarell, sans", 12, PANGO_WEIGHT_BOLD },
    [DMS_FONT_SMALL] = { "Cantarell, sans", 12, PANGO_WEIGHT_NORMAL },
    [DMS_FONT_MONO] = { "DejaVu Sans Mono, monospace", 12.5, PANGO_WEIGHT_NORMAL },
    [DMS_FONT_MONO_SMALL] = { "DejaVu Sans Mono, monospace", 11, PANGO_WEIGHT_NORMAL },
    [DMS_FONT_SENTENCE] = { "Cantarell, sans", 14.5, PANGO_WEIGHT_NORMAL },
    [DMS_FONT_SENTENCE_BOLD] = { "Cantarell, sans", 14.5, PANGO_WEIGHT_BOLD },
  };
  PangoFontDescription *description = pango_font_description_new ();

  pango_font_description_set_family (description, fonts[font].family);
  pango_font_description_set_absolute_size (description,
                                            fonts[font].size * PANGO_SCALE);
  pango_font_description_set_weight (description, fonts[font].weight);
  return description;
}

static double
measure_line (DmsTextCache *cache, DmsFont font)
{
  PangoFontMetrics *metrics
      = pango_context_get_metrics (cache->context, cache->fonts[font], NULL);
  double height = (double)(pango_font_metrics_get_ascent (metrics)
                           + pango_font_metrics_get_descent (metrics))
                  / PANGO_SCALE;

  pango_font_metrics_unref (metrics);
  return height;
}

DmsTextCache *
dms_text_cache_new (void)
{
  DmsTextCache *cache = g_new0 (DmsTextCache, 1);
  cairo_font_options_t *options = cairo_font_options_create ();

  /* The same glyphs at every scale and on every machine that has the fonts. */
  cairo_font_options_set_antialias (options, CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  cache->map = pango_cairo_font_map_new ();
  cache->context = pango_font_map_create_context (cache->map);
  pango_cairo_context_set_font_options (cache->context, options);
  pango_cairo_context_set_resolution (cache->context, 96);
  cairo_font_options_destroy (options);
  for (DmsFont font = 0; font < DMS_FONTS; font++)
    {
      cache->fonts[font] = describe (font);
      cache->line_heights[font] = measure_line (cache, font);
    }
  cache->entries = g_hash_table_new_full (hash_key, equal_keys, NULL, free_entry);
  return cache;
}

void
dms_text_cache_free (DmsTextCache *cache)
{
  if (cache == NULL)
    return;
  g_hash_table_unref (cache->entries);
  for (DmsFont font = 0; font < DMS_FONTS; font++)
    pango_font_description_free (cache->fonts[font]);
  g_object_unref (cache->context);
  g_object_unref (cache->map);
  g_free (cache);
}

static Entry *
lay_out (DmsTextCache *cache, const Key *key)
{
  Entry *entry = g_new0 (Entry, 1);
  /* Texts of foreign traces may be long, and need not be UTF-8. */
  g_autofree char *cut = g_strndup (key->text, LAID_OUT_MAX);
  g_autofree char *valid = g_utf8_make_valid (cut, -1);

  entry->key = *key;
  entry->key.text = g_strdup (key->text);
  entry->layout = pango_layout_new (cache->context);
  pango_layout_set_font_description (entry->layout, cache->fonts[key->font]);
  pango_layout_set_text (entry->layout, valid, -1);
  if (key->width >= 0)
    {
      pango_layout_set_width (entry->layout, key->width * PANGO_SCALE);
      pango_layout_set_ellipsize (entry->layout, PANGO_ELLIPSIZE_END);
    }
  if (key->lines > 1)
    {
      pango_layout_set_wrap (entry->layout, PANGO_WRAP_WORD_CHAR);
      pango_layout_set_height (entry->layout, -key->lines);
    }
  else
    pango_layout_set_single_paragraph_mode (entry->layout, TRUE);
  pango_layout_get_extents (entry->layout, NULL, &entry->extents);
  return entry;
}

static const Entry *
look_up (DmsTextCache *cache, DmsFont font, const char *text, int width, int lines)
{
  /* Only read while it is looked up. */
  Key key = { .font = font, .width = width, .lines = lines, .text = (char *)text };
  Entry *entry = g_hash_table_lookup (cache->entries, &key);

  if (entry != NULL)
    return entry;
  if (g_hash_table_size (cache->entries) >= CACHE_MAX)
    g_hash_table_remove_all (cache->entries);
  entry = lay_out (cache, &key);
  g_hash_table_insert (cache->entries, &entry->key, entry);
  return entry;
}

void
dms_text_paint (DmsTextCache *cache,
                cairo_t *cr,
                DmsFont font,
                const char *text,
                DmsRect box,
                DmsAlign align,
                DmsColor color)
{
  if (text == NULL || text[0] == '\0' || box.width < 4)
    return;

  const Entry *entry = look_up (cache, font, text, (int)box.width, 1);
  double width = (double)entry->extents.width / PANGO_SCALE;
  double height = (double)entry->extents.height / PANGO_SCALE;
  double x = box.x - (double)entry->extents.x / PANGO_SCALE;

  if (align == DMS_ALIGN_MIDDLE)
    x += (box.width - width) / 2;
  else if (align == DMS_ALIGN_END)
    x += box.width - width;
  dms_set_color (cr, color);
  cairo_move_to (cr, x, round (box.y + (box.height - height) / 2));
  pango_cairo_show_layout (cr, entry->layout);
}

void
dms_write (const DmsBrush *brush,
           DmsFont font,
           const char *text,
           DmsRect box,
           DmsAlign align,
           DmsColor color)
{
  dms_text_paint (brush->cache, brush->cr, font, text, box, align, color);
}

double
dms_text_width (DmsTextCache *cache, DmsFont font, const char *text)
{
  return (double)look_up (cache, font, text, -1, 1)->extents.width / PANGO_SCALE;
}

unsigned
dms_text_cache_n_cut (const DmsTextCache *cache)
{
  GHashTableIter at;
  gpointer value;
  unsigned n = 0;

  g_hash_table_iter_init (&at, cache->entries);
  while (g_hash_table_iter_next (&at, NULL, &value))
    n += pango_layout_is_ellipsized (((Entry *)value)->layout) ? 1 : 0;
  return n;
}

double
dms_text_line_height (DmsTextCache *cache, DmsFont font)
{
  return cache->line_heights[font];
}

double
dms_text_wrap (DmsTextCache *cache,
               cairo_t *cr,
               DmsFont font,
               const char *text,
               DmsRect box,
               int lines,
               DmsColor color)
{
  if (text[0] == '\0' || box.width < 4 || lines < 1)
    return 0;

  const Entry *entry = look_up (cache, font, text, (int)box.width, lines);

  if (cr != NULL)
    {
      dms_set_color (cr, color);
      cairo_move_to (cr, box.x, round (box.y));
      pango_cairo_show_layout (cr, entry->layout);
    }
  return (double)entry->extents.height / PANGO_SCALE;
}
