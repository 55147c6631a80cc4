// What kubectl snapshot calls: who this policy is, and what it decides.

import { judge } from "./rule.js";
import { readSettings, settingsSchema } from "./settings.js";

export const about = {
  describe() {
    return {
      name: "few-experiments",
      version: "0.1.0",
      summary: "Few experiments are on in production, and never two of one service.",
      settingsSchema: JSON.stringify(settingsSchema),
    };
  },
};

export const promotion = {
  review(question) {
    try {
      return judge(question, readSettings(question.settings));
    } catch (error) {
      // A string is the reason why this cannot be judged at all. All else is a bug: say where.
      throw typeof error === "string" ? error : `a bug: ${error} ${error.stack.trim().replace(/\n */g, ", ")}`;
    }
  },
};
