/* dms-session-text.c — what a window says about the run that is open
 *
 * SPDX-License-Identifier: MIT
 */
#include "app/dms-session-text.h"

#include "data/lessons/dms-lessons.h"
#include "ui/widget/dms-widget.h"

#include <glib/gi18n.h>

static char *
take_text (DmsBytes *bytes)
{
  char *text = g_strdup (dms_bytes_text (bytes));

  dms_bytes_release (bytes);
  return text;
}

static char *
duration_text (guint64 ns)
{
  DmsBytes bytes;

  dms_bytes_init (&bytes);
  dms_say_duration (&bytes, ns, dms_widget_voice ());
  return take_text (&bytes);
}

static const DmsLesson *
find_lesson (const char *id)
{
  gsize n = 0;
  const DmsLesson *lessons = dms_lessons (&n);

  for (gsize i = 0; i < n; i++)
    if (g_strcmp0 (lessons[i].id, id) == 0)
      return &lessons[i];
  return NULL;
}

/* A lesson may also be opened as the file that it is. */
static const DmsLesson *
lesson_of (DmsPlayer *player, const char *id)
{
  const DmsRunInfo *info = dms_player_info (player);
  const DmsLesson *lesson;
  g_autofree char *stem = NULL;

  if (id)
    return find_lesson (id);
  if (!info->origin || !g_str_has_suffix (info->origin, ".json"))
    return NULL;
  stem = g_strndup (info->origin, strlen (info->origin) - strlen (".json"));
  lesson = find_lesson (stem);
  return lesson && g_strcmp0 (lesson->title, info->title) == 0 ? lesson : NULL;
}

char *
dms_session_make_title (DmsPlayer *player, const char *name)
{
  const DmsRunInfo *info = dms_player_info (player);

  if (info->kind == DMS_SOURCE_SIMULATION && info->title && info->title[0])
    return g_strdup (_ (info->title));
  if (info->origin && info->origin[0])
    return g_strdup (info->origin);
  return g_strdup (name && name[0] ? name : _ ("Trace"));
}

static void
add_part (GString *text, const char *part)
{
  if (!part || !part[0])
    return;
  if (text->len > 0)
    g_string_append (text, " · ");
  g_string_append (text, part);
}

static bool
count_word (void *data, const char *name, size_t length, DmsBytes *bytes)
{
  if (length != 1 || name[0] != 'n')
    return false;
  dms_say_number (bytes, *(const guint64 *)data, dms_widget_voice ());
  return true;
}

static void
add_count (GString *text, guint64 n, const char *one, const char *many)
{
  g_autofree char *part = NULL;
  DmsBytes bytes;

  dms_bytes_init (&bytes);
  dms_say_template (
      &bytes, g_dngettext (GETTEXT_PACKAGE, one, many, (gulong)n), count_word, &n);
  part = take_text (&bytes);
  add_part (text, part);
}

static guint64
count_devices (DmsPlayer *player)
{
  g_autoptr (GArray) lanes = dms_player_lanes (player, NULL);
  guint64 n = 0;

  for (guint i = 0; lanes && i < lanes->len; i++)
    n += g_array_index (lanes, DmsLane, i).kind == DMS_LANE_DEVICE;
  return n;
}

static void
add_lost (GString *text, DmsPlayer *player)
{
  guint64 lost;

  if (!dms_player_seek (player, dms_player_n_events (player), NULL))
    return;
  lost = dms_player_state (player)->lost_events;
  if (lost == 0)
    add_part (text, _ ("nothing lost"));
  else
    add_count (text, lost, N_ ("{n} event lost"), N_ ("{n} events lost"));
}

static char *
recording_subtitle (DmsPlayer *player)
{
  const DmsRunInfo *info = dms_player_info (player);
  GString *text = g_string_new (NULL);
  gint64 span = dms_player_last_time (player) - dms_player_first_time (player);
  g_autofree char *duration = g_strdup_printf (_ ("%.1f s"), (double)span / 1e9);

  add_count (text, dms_player_n_events (player), N_ ("{n} event"), N_ ("{n} events"));
  add_count (text, count_devices (player), N_ ("{n} device"), N_ ("{n} devices"));
  add_part (text, duration);
  add_part (text, info->system);
  add_lost (text, player);
  if (info->unread_lines > 0)
    add_count (text,
               info->unread_lines,
               N_ ("{n} line not understood"),
               N_ ("{n} lines not understood"));
  return g_string_free (text, FALSE);
}

static char *
simulation_subtitle (DmsPlayer *player)
{
  const DmsRunInfo *info = dms_player_info (player);
  GString *text = g_string_new (NULL);
  g_autofree char *duration
      = duration_text ((guint64)MAX (dms_player_last_time (player), 0));
  g_autofree char *model = g_strdup_printf (_ ("model time %s"), duration);

  add_part (text, info->origin);
  add_count (text, dms_player_n_steps (player), N_ ("{n} step"), N_ ("{n} steps"));
  add_part (text, model);
  return g_string_free (text, FALSE);
}

static char *
growing_subtitle (DmsPlayer *player)
{
  const DmsRunInfo *info = dms_player_info (player);
  GString *text = g_string_new (NULL);

  add_part (text, info->origin);
  if (info->kind == DMS_SOURCE_SIMULATION)
    add_count (text,
               dms_player_n_steps (player),
               N_ ("{n} step so far"),
               N_ ("{n} steps so far"));
  else
    add_count (text,
               dms_player_n_events (player),
               N_ ("{n} event so far"),
               N_ ("{n} events so far"));
  return g_string_free (text, FALSE);
}

char *
dms_session_make_subtitle (DmsPlayer *player, const char *lesson, gboolean is_growing)
{
  const DmsLesson *found;

  if (is_growing)
    return growing_subtitle (player);
  if (dms_player_info (player)->kind != DMS_SOURCE_SIMULATION)
    return recording_subtitle (player);
  found = lesson_of (player, lesson);
  return found && found->subtitle ? g_strdup (_ (found->subtitle))
                                  : simulation_subtitle (player);
}
