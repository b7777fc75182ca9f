/* dms-json-private.h — small words that the writers of JSON share
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include "app/dms-json.h"

/* Each puts one member in; @value is (transfer full). */
void dms_json_put (json_t *object, const char *key, json_t *value);
void dms_json_put_text (json_t *object, const char *key, const char *text);
void dms_json_put_number (json_t *object, const char *key, guint64 number);
void dms_json_put_hex (json_t *object, const char *key, guint64 number);
/* Leaves id 0 out. */
void dms_json_put_id (json_t *object, const char *key, guint64 id);
void
dms_json_put_name (json_t *object, const char *key, guint32 id, const DmsNames *names);
void dms_json_put_flags (json_t *object, const char *key, guint32 flags);
/* Releases @bytes. */
void dms_json_put_bytes (json_t *object, const char *key, DmsBytes *bytes);
