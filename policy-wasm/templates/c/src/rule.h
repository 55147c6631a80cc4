// The rule: no container runs a tag that moves.
#pragma once

#include "contract.h" // made from wit/policy.wit by the Makefile
#include "settings.h"

typedef exports_snapshot_policy_compatibility_list_finding_t findings_t;

// Fills in one finding for each container whose tag moves.
void judge(const exports_snapshot_policy_compatibility_question_t *question,
           const settings_t *settings,
           findings_t *findings);
