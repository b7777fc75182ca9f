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
  PIXELS_MAX = 32767 /* a side of an image surface */
};

typedef struct
{
  FILE *file;
  bool failed;
} Output;

static cairo_status_t
write_bytes (void *data, const unsigned char *bytes, unsigned length)
{
  Output *output = data;

  if (fwrite (bytes, 1, length, output->file) == length)
    return CAIRO_STATUS_SUCCESS;
  output->failed = true;
  return CAIRO_STATUS_WRITE_ERROR;
}

static cairo_surface_t *
new_surface (DmsPictureFormat format, double width, double height, Output *output)
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
            Output *output)
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

bool
dms_picture_write (const char *path,
                   DmsPictureFormat format,
                   double width,
                   double height,
                   void (*paint) (cairo_t *cr, void *data),
                   void *data,
                   const char **ret_reason)
{
  Output output = { NULL, false };

  if (!(width >= 1 && height >= 1 && width <= PIXELS_MAX && height <= PIXELS_MAX))
    {
      *ret_reason = "a side of a picture has 1 to 32767 pixels";
      return false;
    }
  /* Beside it, so that renaming stays within one file system. */
  g_autofree char *temporary = g_strconcat (path, ".part", NULL);
  output.file = fopen (temporary, "wb");
  if (output.file == NULL)
    {
      *ret_reason = g_strerror (errno);
      return false;
    }
  const char *reason = paint_into (format, width, height, paint, data, &output);
  errno = 0;
  bool is_stored = fflush (output.file) == 0 && !output.failed;
  int error = errno;
  if (fclose (output.file) != 0)
    is_stored = false;
  if (!is_stored)
    reason = error != 0 ? g_strerror (error) : "the file could not be written";
  if (reason == NULL && rename (temporary, path) != 0)
    reason = g_strerror (errno);
  if (reason != NULL)
    {
      (void)remove (temporary); /* what failed is told; a rest does no harm */
      *ret_reason = reason;
      return false;
    }
  return true;
}
