// Findings held to the contract: a mistake is named by its field, before it becomes a crash.

const SEVERITIES = ["info", "warning", "deny", "undecided"];
const SUBJECTS = ["service", "instance", "feature-flag"];
const FIELDS = ["severity", "code", "message", "subjects", "hint"];

/** The findings, if each of them is one. */
export function checked(findings) {
  if (!Array.isArray(findings)) throw new TypeError(`the findings are ${shown(findings)}: expected a list, empty for a yes`);
  for (const [place, finding] of findings.entries()) {
    for (const [field, problem] of problems(finding)) throw new TypeError(`finding ${place}, ${field}: ${problem}`);
  }
  return findings;
}

function* problems(finding) {
  if (typeof finding !== "object" || finding === null) {
    yield ["itself", `it is ${shown(finding)}: expected an object`];
    return;
  }
  for (const field of Object.keys(finding)) {
    if (!FIELDS.includes(field)) yield [field, `there is no such field: expected ${FIELDS.join(", ")}`];
  }
  const { severity, code, message, subjects, hint } = finding;
  if (!SEVERITIES.includes(severity)) yield ["severity", `it is ${shown(severity)}: expected one of ${SEVERITIES.join(", ")}`];
  if (typeof code !== "string") yield ["code", `it is ${shown(code)}: expected a text`];
  if (typeof message !== "string") yield ["message", `it is ${shown(message)}: expected a text`];
  if (hint !== undefined && hint !== null && typeof hint !== "string") yield ["hint", `it is ${shown(hint)}: expected a text, or none`];
  if (!Array.isArray(subjects)) {
    yield ["subjects", `it is ${shown(subjects)}: expected a list, which may be empty`];
    return;
  }
  for (const [place, subject] of subjects.entries()) {
    const is = SUBJECTS.includes(subject?.tag) && typeof subject?.val === "string";
    if (!is) yield [`subjects[${place}]`, `it is ${shown(subject)}: expected one such as { tag: "service", val: "tax" }`];
  }
}

function shown(value) {
  return value === undefined ? "missing" : JSON.stringify(value);
}
