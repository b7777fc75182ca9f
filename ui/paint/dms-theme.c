/* dms-theme.c — colours of the picture, light and dark
 *
 * Told apart by eyes of every kind, and each shape has an outline: some fills have less
 * contrast than 3 to 1.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ui/paint/dms-paint-private.h"

#define HEX(rgb)                                                                       \
  {                                                                                    \
    (((rgb) >> 16) & 0xff) / 255.0, (((rgb) >> 8) & 0xff) / 255.0,                     \
        ((rgb)&0xff) / 255.0, 1.0                                                      \
  }
#define VEIL(rgb, alpha)                                                               \
  {                                                                                    \
    (((rgb) >> 16) & 0xff) / 255.0, (((rgb) >> 8) & 0xff) / 255.0,                     \
        ((rgb)&0xff) / 255.0, (alpha)                                                  \
  }

static const DmsTheme light = {
  .ground = HEX (0xfafafa),
  .card = HEX (0xffffff),
  .ink = HEX (0x241f31),
  .dim = HEX (0x65636b),
  .outline = HEX (0x3d3846),
  .hair = HEX (0xdcdadf),
  .dots = HEX (0x8b8892),
  .link = HEX (0x706d77),
  .link_faint = HEX (0x918e99),
  .band = HEX (0x56b4e9),
  .band_core = HEX (0x1a5fb4),
  .head = HEX (0x3d3846),
  .head_ink = HEX (0xffffff),
  .fence = HEX (0xa51d2d),
  .fence_tint = VEIL (0xa51d2d, 0.055),
  .accent = HEX (0x1c71d8),
  .warn_ink = HEX (0x8a5a00),
  .trough = HEX (0xe0dee3),
  .column = HEX (0xffffff),
  .looks = {
    [DMS_LOOK_PLAIN] = { HEX (0xffffff), HEX (0x241f31) },
    [DMS_LOOK_CURRENT] = { HEX (0x1a5fb4), HEX (0xffffff) },
    [DMS_LOOK_OLD] = { HEX (0xd6e3f2), HEX (0x241f31) },
    [DMS_LOOK_NEWER_BOUNCE] = { HEX (0xffffff), HEX (0x241f31) },
    [DMS_LOOK_BOUNCE] = { HEX (0xe69f00), HEX (0x241f31) },
    [DMS_LOOK_GRANTED] = { HEX (0xffffff), HEX (0x241f31) },
    [DMS_LOOK_POOL] = { HEX (0xfafafa), HEX (0x65636b) },
    [DMS_LOOK_OUT_OF_REACH] = { HEX (0xffffff), HEX (0x241f31) },
    [DMS_LOOK_DEVICE] = { HEX (0x56b4e9), HEX (0x241f31) },
    [DMS_LOOK_COHERENT] = { HEX (0x5e5c64), HEX (0xffffff) },
    [DMS_LOOK_FAULT] = { HEX (0xf6dfe1), HEX (0x7d1420) },
    [DMS_LOOK_PENDING] = { HEX (0xfafafa), HEX (0x65636b) },
    [DMS_LOOK_MIXED] = { HEX (0xe3e1e6), HEX (0x241f31) },
    [DMS_LOOK_FREE] = { HEX (0xeceaee), HEX (0x5e5c64) },
    [DMS_LOOK_OTHER] = { HEX (0x6f94c9), HEX (0x241f31) },
    [DMS_LOOK_TRANSLATES] = { HEX (0xbfe8da), HEX (0x241f31) },
    [DMS_LOOK_AWAY] = { HEX (0xfafafa), HEX (0x241f31) },
  },
  .timeline_ground = HEX (0xf0eff1),
  .track = HEX (0xe4e2e6),
  .tick = HEX (0xdbd9de),
  .series = { HEX (0x1a5fb4), HEX (0x3173cc), HEX (0x62a0ea),
              HEX (0x99c1f1), HEX (0xb8d4f5), HEX (0xd0e2f8) },
  .series_ink = { HEX (0xffffff), HEX (0xffffff), HEX (0x241f31),
                  HEX (0x241f31), HEX (0x241f31), HEX (0x241f31) },
  .devices = { HEX (0x56b4e9), HEX (0x009e73), HEX (0xcc79a7),
               HEX (0xd55e00), HEX (0x5e5c64), HEX (0x8f6bc0) },
  .level_registers = HEX (0xb3b0b9),
  .level_bounce = HEX (0xe69f00),
  .level_mappings = HEX (0x3584e4),
};

static const DmsTheme dark = {
  .ground = HEX (0x1e1e1e),
  .card = HEX (0x2a2930),
  .ink = HEX (0xf3f2f5),
  .dim = HEX (0xaaa7b0),
  .outline = HEX (0x9a97a1),
  .hair = HEX (0x46444c),
  .dots = HEX (0x8b8892),
  .link = HEX (0x9a97a1),
  .link_faint = HEX (0x74717b),
  .band = HEX (0x99c1f1),
  .band_core = HEX (0x14437e),
  .head = HEX (0x55515f),
  .head_ink = HEX (0xffffff),
  .fence = HEX (0xff7b63),
  .fence_tint = VEIL (0xff7b63, 0.07),
  .accent = HEX (0x78aeed),
  .warn_ink = HEX (0xf8c14a),
  .trough = HEX (0x46444c),
  .column = HEX (0x242428),
  .looks = {
    [DMS_LOOK_PLAIN] = { HEX (0x2a2930), HEX (0xf3f2f5) },
    [DMS_LOOK_CURRENT] = { HEX (0x2a73cc), HEX (0xffffff) },
    [DMS_LOOK_OLD] = { HEX (0x2b4768), HEX (0xe6eef8) },
    [DMS_LOOK_NEWER_BOUNCE] = { HEX (0x2a2930), HEX (0xf3f2f5) },
    [DMS_LOOK_BOUNCE] = { HEX (0xf5c211), HEX (0x241f31) },
    [DMS_LOOK_GRANTED] = { HEX (0x2a2930), HEX (0xf3f2f5) },
    [DMS_LOOK_POOL] = { HEX (0x1e1e1e), HEX (0xaaa7b0) },
    [DMS_LOOK_OUT_OF_REACH] = { HEX (0x2a2930), HEX (0xf3f2f5) },
    [DMS_LOOK_DEVICE] = { HEX (0x99c1f1), HEX (0x241f31) },
    [DMS_LOOK_COHERENT] = { HEX (0x009e73), HEX (0x10120f) },
    [DMS_LOOK_FAULT] = { HEX (0x4d1f1a), HEX (0xffc9bd) },
    [DMS_LOOK_PENDING] = { HEX (0x1e1e1e), HEX (0xaaa7b0) },
    [DMS_LOOK_MIXED] = { HEX (0x46444c), HEX (0xf3f2f5) },
    [DMS_LOOK_FREE] = { HEX (0x39373f), HEX (0xb6b3bc) },
    [DMS_LOOK_OTHER] = { HEX (0x5579ad), HEX (0xffffff) },
    [DMS_LOOK_TRANSLATES] = { HEX (0x1d5a49), HEX (0xeafaf4) },
    [DMS_LOOK_AWAY] = { HEX (0x1e1e1e), HEX (0xf3f2f5) },
  },
  .timeline_ground = HEX (0x242428),
  .track = HEX (0x313037),
  .tick = HEX (0x38363e),
  .series = { HEX (0x2a73cc), HEX (0x2565b5), HEX (0x1f5599),
              HEX (0x1b4a85), HEX (0x183f70), HEX (0x15365f) },
  .series_ink = { HEX (0xffffff), HEX (0xffffff), HEX (0xffffff),
                  HEX (0xffffff), HEX (0xffffff), HEX (0xffffff) },
  .devices = { HEX (0x99c1f1), HEX (0x2ec27e), HEX (0xe29dc2),
               HEX (0xff9a57), HEX (0xc0bdc6), HEX (0xb79bdf) },
  .level_registers = HEX (0x77747e),
  .level_bounce = HEX (0xf5c211),
  .level_mappings = HEX (0x62a0ea),
};

const DmsTheme *
dms_theme_get (DmsThemeKind kind)
{
  return kind == DMS_THEME_DARK ? &dark : &light;
}

DmsColor
dms_theme_stage_ground (const DmsTheme *theme)
{
  return theme->ground;
}

DmsColor
dms_theme_timeline_ground (const DmsTheme *theme)
{
  return theme->timeline_ground;
}

void
dms_set_color (cairo_t *cr, DmsColor color)
{
  cairo_set_source_rgba (cr, color.r, color.g, color.b, color.a);
}
