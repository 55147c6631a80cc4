// The rule: few experiments are on in production, and never two of one service.
//
// One that is on for some is on: only a flag that is off for everybody, and known to be, is off.
// What stays there beside the set counts as well.

import beside from "snapshot:policy/beside@0.1.0";
import flagStates from "snapshot:policy/flag-states@0.1.0";

export function judge(question, { stages, prefix, most }) {
  const names = question.ladder.map((stage) => stage.name);
  if (!stages.some((stage) => names.includes(stage))) {
    const message = `no stage of the ladder is ${stages.join(" or ")}`;
    return [undecided("stage-unknown", message, "name the stages that are production in the setting stages")];
  }
  if (!stages.includes(question.target.name)) return [];
  const isExperiment = (flag) => flag.key.startsWith(prefix);
  const stays = beside.featureFlags();
  if (!stays) return [undecided("flags-unknown", "nobody knows which flags stay there", undefined)];
  const running = [
    ...question.candidate.featureFlags.filter((flag) => isExperiment(flag) && mayBeOn(flag)),
    ...stays.filter((flag) => isExperiment(flag) && flag.state !== "off"),
  ];
  const keys = new Set(question.candidate.featureFlags.map((flag) => flag.key));
  const unread = (flagStates.all() ?? []).filter((flag) => flag.state === "unknown" && !keys.has(flag.key));
  const findings = unread.map(({ source }) =>
    undecided("flags-unread", `${source} cannot be read, and may have experiments`, "mend its definitions"),
  );
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

function undecided(code, message, hint) {
  return { severity: "undecided", code, message, subjects: [], hint };
}

function finding(code, message, keys) {
  const subjects = keys.map((key) => ({ tag: "feature-flag", val: key }));
  return { severity: "deny", code, message, subjects, hint: "switch one off, or end it" };
}
