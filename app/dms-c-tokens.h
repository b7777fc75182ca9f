/* dms-c-tokens.h — the tokens of a C source, without any compiler
 *
 * SPDX-License-Identifier: MIT
 */
#pragma once

#include <glib.h>

typedef enum
{
  DMS_TOKEN_WORD,          /* identifier or keyword */
  DMS_TOKEN_PUNCTUATION,   /* one character, or "->" */
  DMS_TOKEN_OTHER,         /* number, string, character */
  DMS_TOKEN_DEFINED,       /* the word behind #define */
  DMS_TOKEN_SYSTEM_HEADER, /* of #include <…>, without the brackets */
  DMS_TOKEN_OWN_HEADER     /* of #include "…" */
} DmsTokenKind;

typedef struct
{
  DmsTokenKind kind;
  const char *text; /* interned by the array that holds it */
  guint line;
} DmsToken;

/**
 * dms_c_tokens:
 * @text: of a source, @length bytes, not trusted
 * @strings: where the texts of tokens live
 *
 * Comments are left out, and of the preprocessor's lines all but #include and #define,
 * whose replacement counts as code.
 *
 * Returns: (transfer full): array of DmsToken
 */
GArray *dms_c_tokens (const char *text, gsize length, GStringChunk *strings);
