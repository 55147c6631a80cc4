// The rule: somebody other than the one who asks approved it.

export const settingsSchema = {
  type: "object",
  additionalProperties: false,
  properties: {
    approvals: {
      description: "How many people have to approve, other than the one who asks.",
      type: "integer",
      minimum: 0,
      default: 1,
    },
  },
};

export function readSettings(text) {
  const { approvals = 1, ...unknown } = JSON.parse(text);
  // A string that is thrown means: this cannot be judged at all.
  if (!Number.isInteger(approvals)) throw "the setting approvals is not a whole number";
  // A key that is mistyped is an error, rather than a setting without effect.
  for (const key in unknown) throw `there is no setting ${key}`;
  return { approvals };
}

/** A finding where too few others approved. */
export function judge(question, settings) {
  const stage = question.target.name;
  const asks = question.actor.name;
  const newest = new Map();
  for (const evidence of question.evidence) {
    // Evidence without a stage holds for all of them.
    if (evidence.kind !== "approval" || (evidence.stage ?? stage) !== stage) continue;
    const before = newest.get(evidence.actor);
    // Of what one person says the newest counts; of two words at once the refusal.
    const isNewer = before === undefined || evidence.at > before.at;
    if (isNewer || (evidence.at === before.at && evidence.outcome === "failed")) {
      newest.set(evidence.actor, evidence);
    }
  }
  const approvers = new Set();
  for (const [actor, evidence] of newest) {
    if (evidence.outcome === "passed" && actor !== asks) approvers.add(actor);
  }
  if (approvers.size >= settings.approvals) return [];
  return [
    {
      severity: "deny",
      code: "not-approved",
      message: `${stage} needs approvals by others than ${asks}: ${approvers.size} of ${settings.approvals}`,
      subjects: [],
      hint: "have somebody else approve it",
    },
  ];
}
