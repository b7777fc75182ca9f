/* wdm-debug.c — DbgPrint, assertions, KeBugCheckEx
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/wdm/wdm-private.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A line of the log; what is longer is cut, as in Windows. */
#define LINE_BYTES 512

typedef struct
{
  char text[LINE_BYTES];
  size_t n;
} Line;

static void
put (Line *line, const char *text, size_t length)
{
  if (length > sizeof line->text - 1 - line->n)
    length = sizeof line->text - 1 - line->n;
  memcpy (line->text + line->n, text, length);
  line->n += length;
  line->text[line->n] = '\0';
}

/* Two-byte characters; those beyond ASCII become a question mark. */
static void
put_wide (Line *line, const uint16_t *text, size_t n)
{
  for (size_t i = 0; i < n && text[i] != 0; i++)
    {
      char byte = text[i] < 0x80 ? (char)text[i] : '?';

      put (line, &byte, 1);
    }
}

/* One directive of a format: %[flags][width][.precision][size]type. */
typedef struct
{
  char pattern[40]; /* for snprintf: up to the size, which is always ll */
  bool is_long;     /* 64 bits */
  bool is_wide;
  char type;
} Directive;

/* Returns what is behind the directive; type is 0 when it is none. */
static const char *
parse (const char *at, Directive *ret_directive)
{
  Directive directive = { .pattern = "%" };
  size_t n = 1;

  for (at++; *at != '\0' && strchr ("-+ #0123456789.", *at) != NULL; at++)
    if (n < 16)
      directive.pattern[n++] = *at;
  for (;; at++)
    {
      if (strncmp (at, "I64", 3) == 0)
        {
          directive.is_long = true;
          at += 2;
        }
      else if (strncmp (at, "ll", 2) == 0)
        {
          directive.is_long = true;
          at++;
        }
      else if (*at == 'w' || (*at == 'l' && at[1] == 's'))
        directive.is_wide = true;
      else if (*at == 'I' || *at == 'z')
        directive.is_long = true;
      else if (*at != 'l' && *at != 'h')
        break;
    }
  directive.type = *at;
  directive.pattern[n] = '\0';
  *ret_directive = directive;
  return *at == '\0' ? at : at + 1;
}

static void
put_number (Line *line, Directive *directive, uint64_t value)
{
  char text[128];
  size_t n = strlen (directive->pattern);
  char type = directive->type == 'i' ? 'd' : directive->type;
  int length = 0;

  snprintf (directive->pattern + n,
            sizeof directive->pattern - n,
            "%s",
            type == 'c' ? "c" : "ll");
  if (type != 'c')
    {
      n = strlen (directive->pattern);
      directive->pattern[n] = type;
      directive->pattern[n + 1] = '\0';
    }
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  if (type == 'c')
    length = snprintf (text, sizeof text, directive->pattern, (int)value);
  else if (type == 'd' && !directive->is_long)
    length
        = snprintf (text, sizeof text, directive->pattern, (long long)(int32_t)value);
  else if (type == 'd')
    length = snprintf (text, sizeof text, directive->pattern, (long long)value);
  else
    length
        = snprintf (text, sizeof text, directive->pattern, (unsigned long long)value);
#pragma GCC diagnostic pop
  if (length > 0)
    put (line, text, (size_t)length < sizeof text ? (size_t)length : sizeof text - 1);
}

/* Also when @text has no end, as far as a line goes. */
static void
put_string (Line *line, Directive *directive, const char *text)
{
  char bounded[LINE_BYTES];
  char padded[LINE_BYTES];
  const char *end = NULL;
  size_t n = strlen (directive->pattern);
  int length = 0;

  if (text == NULL)
    text = "(null)";
  end = memchr (text, '\0', sizeof bounded - 1);
  length = end == NULL ? (int)sizeof bounded - 1 : (int)(end - text);
  memcpy (bounded, text, (size_t)length);
  bounded[length] = '\0';
  directive->pattern[n] = 's';
  directive->pattern[n + 1] = '\0';
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  length = snprintf (padded, sizeof padded, directive->pattern, bounded);
#pragma GCC diagnostic pop
  if (length > 0)
    put (line,
         padded,
         (size_t)length < sizeof padded ? (size_t)length : sizeof padded - 1);
}

static const char *
put_directive (Line *line, const char *at, va_list *arguments)
{
  const char *start = at;
  Directive directive;

  at = parse (at, &directive);
  switch (directive.type)
    {
    case 'd':
    case 'i':
    case 'u':
    case 'x':
    case 'X':
    case 'o':
    case 'c':
      put_number (line,
                  &directive,
                  directive.is_long ? va_arg (*arguments, uint64_t)
                                    : va_arg (*arguments, uint32_t));
      break;
    case 'p':
      put (line, "0x", 2);
      directive.type = 'X';
      directive.is_long = true;
      put_number (line, &directive, (uintptr_t)va_arg (*arguments, void *));
      break;
    case 's':
      if (directive.is_wide)
        {
          const uint16_t *text = va_arg (*arguments, const void *);

          if (text != NULL)
            put_wide (line, text, LINE_BYTES);
        }
      else
        put_string (line, &directive, va_arg (*arguments, const char *));
      break;
    case 'Z':
      {
        const UNICODE_STRING *text = va_arg (*arguments, const void *);

        if (text != NULL && text->Buffer != NULL)
          put_wide (line, (const void *)text->Buffer, text->Length / 2u);
        break;
      }
    case '%':
      put (line, "%", 1);
      break;
    default:
      /* No directive that we know: as it stands. */
      put (line, start, (size_t)(at - start));
      break;
    }
  return at;
}

static void
print (const char *format, va_list *arguments)
{
  DmsPlace before;
  DmsMachine *machine = wdm_begin ("DbgPrint", &before);
  Line line = { .n = 0 };

  if (machine == NULL)
    return;
  for (const char *at = format == NULL ? "" : format; *at != '\0';)
    if (*at == '%')
      at = put_directive (&line, at, arguments);
    else
      put (&line, at++, 1);
  while (line.n > 0 && (line.text[line.n - 1] == '\n' || line.text[line.n - 1] == '\r'))
    line.text[--line.n] = '\0';
  wdm_log (machine, line.text);
  wdm_end (machine, before);
}

ULONG
DbgPrint (PCSTR Format, ...)
{
  va_list arguments;

  va_start (arguments, Format);
  print (Format, &arguments);
  va_end (arguments);
  return (ULONG)STATUS_SUCCESS;
}

ULONG
DbgPrintEx (ULONG ComponentId, ULONG Level, PCSTR Format, ...)
{
  va_list arguments;

  UNREFERENCED_PARAMETER (ComponentId);
  UNREFERENCED_PARAMETER (Level);
  va_start (arguments, Format);
  print (Format, &arguments);
  va_end (arguments);
  return (ULONG)STATUS_SUCCESS;
}

VOID
RtlAssert (PVOID FailedAssertion, PVOID FileName, ULONG LineNumber, PCHAR Message)
{
  char text[LINE_BYTES];
  DmsPlace before;
  DmsMachine *machine = NULL;

  UNREFERENCED_PARAMETER (Message);
  dms_mark ("RtlAssert", FileName == NULL ? "?" : FileName, LineNumber, NULL);
  machine = wdm_begin ("RtlAssert", &before);
  if (machine == NULL)
    return;
  snprintf (text,
            sizeof text,
            "Assertion failed: %.400s",
            FailedAssertion == NULL ? "?" : (const char *)FailedAssertion);
  wdm_log (machine, text);
  dms_machine_fact (machine, DMS_FACT_ASSERTION_FAILED, (DmsFactNote){ .a = 0 });
  wdm_end (machine, before);
}

VOID
KeBugCheckEx (ULONG BugCheckCode,
              ULONG_PTR BugCheckParameter1,
              ULONG_PTR BugCheckParameter2,
              ULONG_PTR BugCheckParameter3,
              ULONG_PTR BugCheckParameter4)
{
  DmsPlace before;
  DmsMachine *machine = wdm_begin ("KeBugCheckEx", &before);
  DmsCallInfo info = { .routine = DMS_ROUTINE_KE_BUG_CHECK,
                       .name = "KeBugCheckEx",
                       .b = BugCheckCode,
                       .c = BugCheckParameter1 };
  DmsCall call;

  UNREFERENCED_PARAMETER (BugCheckParameter2);
  UNREFERENCED_PARAMETER (BugCheckParameter3);
  UNREFERENCED_PARAMETER (BugCheckParameter4);
  if (machine != NULL)
    (void)dms_call_enter (machine, &info, &call);
  abort ();
}
