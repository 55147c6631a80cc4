// Whether a flag is on: for everybody, or for some by its targeting rules.
//
// Looked up, so `wit/world.wit` has to say `import flag-states;`.

import flagStates from "snapshot:policy/flag-states@0.1.0";

/** True if the flag is on for everybody, and known to be. */
export function isOn(flag) {
  return flagStates.ofFlag(flag.key)?.state === "on";
}

/** True unless the flag is off for everybody, and known to be. */
export function mayBeOn(flag) {
  const known = flagStates.ofFlag(flag.key);
  return flag.enabled && (!known || known.state !== "off");
}
