// What kubectl snapshot calls: who this policy is, and what it decides.
// The rule itself is in rule.c; that is the file to change.

#include "rule.h"
#include "settings.h"

void exports_snapshot_policy_about_describe(exports_snapshot_policy_about_description_t *about) {
  contract_string_dup(&about->name, "{{name}}");
  contract_string_dup(&about->version, "0.1.0");
  contract_string_dup(&about->summary, "No container runs a tag that moves.");
  about->settings_schema.is_some = true;
  contract_string_dup(&about->settings_schema.val, settings_schema);
}

// True: `findings` is the answer. False: this cannot be judged at all, and `error` says why.
//
// What is returned is freed by the generated code, so all of it has to come from
// malloc: contract_string_dup, never contract_string_set. Nothing else need ever be
// freed: each call runs in a fresh instance, whose memory goes away as a whole.
bool exports_snapshot_policy_compatibility_check(
    exports_snapshot_policy_compatibility_question_t *question,
    findings_t *findings,
    contract_string_t *error) {
  settings_t settings;
  const char *wrong = read_settings(question->settings, &settings);
  if (wrong) {
    contract_string_dup(error, wrong);
    return false;
  }
  judge(question, &settings, findings);
  return true;
}
