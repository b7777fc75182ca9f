/* dms-rules-md.c — prints docs/rules.md from the list of rules
 *
 * Part of the build, not of the program: a test holds its output against the committed
 * file.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/rules/dms-rules.h"

#include <stdio.h>
#include <string.h>

static const char intro[]
    = "# Rules\n"
      "\n"
      "<!-- Made from engine/rules/dms-rules-list.h by app/dms-rules-md.c; to renew "
      "it:\n"
      "     DMS_UPDATE_GOLDEN=1 ./dev test app -->\n"
      "\n"
      "What `dmascope check` holds a simulated run against. A finding names two "
      "events: "
      "the one\nwhere it shows and the one that it conflicts with, and says what would "
      "have been right.\nThe rule's code is also the name of the mistake that makes a "
      "sample driver break it\n(`mistakes` of a scenario); "
      "`tests/fixtures/mistakes/CODE.json` does so.\n"
      "\n"
      "| code | Verifier | family | what is right | it needs to see |\n"
      "|---|---|---|---|---|\n";

static void
put_needs (uint32_t needs)
{
  static const char *const names[]
      = { "calls", "facts", "mappings", "bytes", "the device", "the run's end" };
  const char *separator = "";

  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if ((needs >> i & 1u) != 0)
      {
        printf ("%s%s", separator, names[i]);
        separator = ", ";
      }
}

static void
put_row (const DmsRuleInfo *rule)
{
  printf ("| [%s](#%s) | %s | %s | %s | ",
          rule->code,
          rule->code,
          rule->verifier,
          rule->family,
          rule->rule);
  put_needs (rule->needs);
  puts (" |");
}

static void
put_rule (const DmsRuleInfo *rule)
{
  printf ("\n### %s\n\n%s\n\n", rule->code, rule->rule);
  if (strcmp (rule->source, "our rule") == 0)
    fputs ("Our rule.", stdout);
  else
    printf ("Source: `%s`.", rule->source);
  printf (" It shows at %s, against %s.\n\n", rule->here, rule->against);
  for (size_t i = 0; rule->sentences[i] != NULL; i++)
    printf ("- %s\n", rule->sentences[i]);
  printf ("\n*%s*\n", rule->instead);
}

int
main (void)
{
  size_t n;
  const DmsRuleInfo *rules = dms_rule_infos (&n);

  fputs (intro, stdout);
  for (size_t i = 0; i < n; i++)
    put_row (&rules[i]);
  for (size_t i = 0; i < n; i++)
    put_rule (&rules[i]);
  return fflush (stdout) == 0 && !ferror (stdout) ? 0 : 1;
}
