/* dms-cli-check.c — dmascope check: holds a trace against the rules of correct DMA
 *
 * SPDX-License-Identifier: MIT
 */
#include "app/dms-cli-print.h"
#include "app/dms-cli-text.h"
#include "app/dms-json.h"
#include "engine/rules/dms-rules.h"

typedef struct
{
  DmsPlayer *player;
  DmsRules *rules;
  gboolean is_json;
  guint64 n_findings;
  DmsStatus status;
} Check;

static void
put_finding_text (const Check *check, const DmsFinding *finding)
{
  const DmsNames *names = dms_player_names (check->player);
  const DmsRuleInfo *rule = dms_rule_info (finding->rule);
  DmsBytes bytes;

  dms_bytes_init (&bytes);
  dms_bytes_printf (&bytes,
                    "step %llu, event %llu, %s: ",
                    (unsigned long long)finding->step,
                    (unsigned long long)finding->seq,
                    rule->code);
  dms_finding_sentence (&bytes, finding, names, NULL);
  if (finding->file != 0)
    dms_bytes_printf (
        &bytes, " (%s:%u)", dms_names_text (names, finding->file), finding->line);
  dms_bytes_printf (&bytes, "\n    The rule: %s (%s", rule->rule, rule->source);
  if (rule->verifier[0] != '\0')
    dms_bytes_printf (&bytes, "; Driver Verifier %s", rule->verifier);
  dms_bytes_append_text (&bytes, ")\n");
  dms_text_put (&bytes);
}

static void
found_cb (void *data, const DmsFinding *finding)
{
  Check *check = data;

  check->n_findings++;
  if (check->is_json)
    dms_cli_put_json (dms_json_finding (finding, dms_player_names (check->player)));
  else
    put_finding_text (check, finding);
}

static gboolean
apply_cb (const DmsEvent *event, const DmsState *state, gpointer data)
{
  Check *check = data;

  check->status = dms_rules_apply (check->rules, event, state);
  return check->status == DMS_OK && !dms_cli_is_over ();
}

static void
put_summary (const Check *check)
{
  DmsBytes bytes;
  gsize n_rules;

  if (check->is_json)
    return;
  (void)dms_rule_infos (&n_rules);
  dms_bytes_init (&bytes);
  if (check->n_findings == 0)
    dms_bytes_append_text (&bytes, "No findings");
  else
    dms_text_append_count (&bytes, check->n_findings, "finding", "findings");
  dms_bytes_append_text (&bytes, ": ");
  dms_text_append_count (
      &bytes, dms_player_n_events (check->player), "event", "events");
  dms_bytes_append_text (&bytes, " held against ");
  dms_text_append_count (&bytes, n_rules, "rule", "rules");
  dms_bytes_append_text (&bytes, ".\n");
  dms_text_put (&bytes);
}

static DmsExit
check_all (Check *check, DmsState *state)
{
  guint64 n = dms_player_n_events (check->player);
  g_autoptr (GError) error = NULL;

  if (n > 0 && !dms_player_each (check->player, 1, n, state, apply_cb, check, &error)
      && error)
    return dms_cli_fail_error (error);
  if (check->status == DMS_OK && !dms_cli_is_over ())
    check->status = dms_rules_finish (check->rules, state);
  if (check->status != DMS_OK)
    return dms_cli_fail (
        DMS_EXIT_INPUT, "the check stops: %s", dms_status_text (check->status));
  put_summary (check);
  return check->n_findings > 0 ? DMS_EXIT_FOUND : DMS_EXIT_DONE;
}

static DmsExit
check_player (DmsPlayer *player, gboolean is_json)
{
  Check check = { .player = player, .is_json = is_json };
  DmsState *state = dms_state_new ();
  DmsExit status;

  check.rules = dms_rules_new (found_cb, &check);
  if (!check.rules || !state)
    g_error ("no memory for the rules");
  status = check_all (&check, state);
  dms_rules_free (check.rules);
  dms_state_free (state);
  return status;
}

static DmsExit
run (int argc, char **argv)
{
  g_auto (DmsCliLine) line = { 0 };
  g_autoptr (DmsOpened) opened = NULL;
  DmsExit status = DMS_EXIT_DONE;

  if (!dms_cli_line_init (&line, &dms_cli_check, NULL, TRUE, 1, 1, argc, argv, &status))
    return status;
  opened = dms_cli_open (line.rest[0], &status);
  if (!opened)
    return status;
  return check_player (dms_opened_player (opened), line.is_json);
}

const DmsCommand dms_cli_check = {
  .name = "check",
  .arguments = "FILE",
  .summary = "Hold a trace against the rules of correct DMA; status 1 with findings",
  .description = "JSON: one object for each finding.",
  .run = run,
};
