// What kubectl snapshot calls: who this policy is, and what it decides.
// The rule itself is in rule.js; that is the file to change.

import { checked } from "./checked.js";
import { judge, readSettings, settingsSchema } from "./rule.js";

export const about = {
  describe() {
    return {
      name: "{{name}}",
      version: "0.1.0",
      summary: "No container runs a tag that moves.",
      settingsSchema: JSON.stringify(settingsSchema),
    };
  },
};

export const compatibility = {
  check(question) {
    try {
      return checked(judge(question, readSettings(question.settings)));
    } catch (error) {
      // A string is the reason why this cannot be judged at all. All else is a bug: say where.
      throw typeof error === "string" ? error : `a bug: ${error} ${error.stack.trim().replace(/\n */g, ", ")}`;
    }
  },
};
