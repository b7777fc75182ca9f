/* dms-picture.c — pictures as files: the same bytes for the same picture
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/paint/dms-paint-private.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <errno.h>
#include <glib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum
{
  PIXELS_MAX = 32767, /* a side of an image surface */
  BYTES_MAX = 1 << 30
};

static cairo_status_t
write_bytes (void *data, const unsigned char *bytes, unsigned length)
{
  GByteArray *output = data;

  if (output->len > BYTES_MAX - length)
    return CAIRO_STATUS_WRITE_ERROR;
  g_byte_array_append (output, bytes, length);
  return CAIRO_STATUS_SUCCESS;
}

/* cairo numbers the surfaces of a process, and writes the number into an SVG as an id.
 * All ids in a file become counts from the first one. */
static void
number_anew (GByteArray *output)
{
  static const char word[] = "\"surface";
  g_autoptr (GByteArray) made = g_byte_array_sized_new (output->len);
  const char *at = (const char *)output->data, *end = at + output->len;
  const char *found;
  guint64 first = 0;

  while ((found = g_strstr_len (at, end - at, word)) != NULL)
    {
      char *behind;
      guint64 number = g_ascii_strtoull (found + strlen (word), &behind, 10);
      first = first == 0 ? number : first;
      g_autofree char *id = g_strdup_printf ("%s%d", word, (int)(number - first));
      g_byte_array_append (made, (const guint8 *)at, (guint)(found - at));
      g_byte_array_append (made, (const guint8 *)id, (guint)strlen (id));
      at = behind;
    }
  g_byte_array_append (made, (const guint8 *)at, (guint)(end - at));
  g_byte_array_set_size (output, 0);
  g_byte_array_append (output, made->data, made->len);
}

static cairo_surface_t *
new_surface (DmsPictureFormat format, double width, double height, GByteArray *output)
{
  cairo_surface_t *surface = NULL;

  switch (format)
    {
    case DMS_PICTURE_PNG:
      return cairo_image_surface_create (
          CAIRO_FORMAT_RGB24, (int)ceil (width), (int)ceil (height));
    case DMS_PICTURE_SVG:
      surface
          = cairo_svg_surface_create_for_stream (write_bytes, output, width, height);
      cairo_svg_surface_set_document_unit (surface, CAIRO_SVG_UNIT_PX);
      return surface;
    case DMS_PICTURE_PDF:
      surface
          = cairo_pdf_surface_create_for_stream (write_bytes, output, width, height);
      /* cairo would write the time of day. */
      cairo_pdf_surface_set_metadata (
          surface, CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z");
      return surface;
    }
  return surface;
}

/* Returns what failed, or NULL. */
static const char *
paint_into (DmsPictureFormat format,
            double width,
            double height,
            void (*paint) (cairo_t *cr, void *data),
            void *data,
            GByteArray *output)
{
  cairo_surface_t *surface = new_surface (format, width, height, output);
  cairo_t *cr = cairo_create (surface);

  paint (cr, data);
  cairo_status_t status = cairo_status (cr);
  cairo_destroy (cr);
  if (status == CAIRO_STATUS_SUCCESS && format == DMS_PICTURE_PNG)
    {
      cairo_surface_flush (surface);
      status = cairo_surface_write_to_png_stream (surface, write_bytes, output);
    }
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  return status == CAIRO_STATUS_SUCCESS ? NULL : cairo_status_to_string (status);
}

/* Writes beside @path and renames, which stays within one file system. Returns what
 * failed, or NULL. */
static const char *
store (const char *path, const GByteArray *output)
{
  g_autofree char *temporary = g_strconcat (path, ".part", NULL);
  FILE *file = fopen (temporary, "wb");

  if (file == NULL)
    return g_strerror (errno);
  bool is_written = fwrite (output->data, 1, output->len, file) == output->len
                    && fflush (file) == 0;
  int error = errno;
  if (fclose (file) != 0 && is_written)
    {
      error = errno;
      is_written = false;
    }
  if (is_written && rename (temporary, path) == 0)
    return NULL;
  if (is_written)
    error = errno;
  (void)remove (temporary); /* what failed is told; a rest does no harm */
  return g_strerror (error);
}

bool
dms_picture_write (const char *path,
                   DmsPictureFormat format,
                   double width,
                   double height,
                   void (*paint) (cairo_t *cr, void *data),
                   void *data,
                   const char **ret_reason)
{
  if (!(width >= 1 && height >= 1 && width <= PIXELS_MAX && height <= PIXELS_MAX))
    {
      *ret_reason = "a side of a picture has 1 to 32767 pixels";
      return false;
    }
  g_autoptr (GByteArray) output = g_byte_array_new ();
  const char *reason = paint_into (format, width, height, paint, data, output);
  if (reason == NULL && format == DMS_PICTURE_SVG)
    number_anew (output);
  if (reason == NULL)
    reason = store (path, output);
  if (reason != NULL)
    *ret_reason = reason;
  return reason == NULL;
}
