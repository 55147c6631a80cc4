// The rule: few experiments are on in production, and never two of one service.
//
// One that is on for some is on: only a flag that is off for everybody, and known to be, is off.

import flagStates from "snapshot:policy/flag-states@0.1.0";

export function judge(question, { stages, prefix, most }) {
  if (!stages.includes(question.target.name)) return [];
  const experiments = question.candidate.featureFlags.filter((flag) => flag.key.startsWith(prefix));
  const running = experiments.filter((flag) => mayBeOn(flag));
  const findings = [];
  if (running.length > most) {
    const keys = running.map((flag) => flag.key);
    findings.push(finding("too-many-experiments", `${keys.length} experiments would be on, ${keys.join(", ")}, and ${most} may be`, keys));
  }
  const byService = Map.groupBy(running.filter((flag) => flag.service), (flag) => flag.service);
  for (const [service, flags] of byService) {
    if (flags.length < 2) continue;
    const keys = flags.map((flag) => flag.key);
    findings.push(finding("experiments-of-one-service", `${service} would have ${keys.join(" and ")} on at once`, keys));
  }
  return findings;
}

/** True unless the flag is off for everybody, and known to be. */
function mayBeOn(flag) {
  const known = flagStates.ofFlag(flag.key);
  return known ? known.state !== "off" : flag.enabled;
}

function finding(code, message, keys) {
  const subjects = keys.map((key) => ({ tag: "feature-flag", val: key }));
  return { severity: "deny", code, message, subjects, hint: "switch one off, or end it" };
}
