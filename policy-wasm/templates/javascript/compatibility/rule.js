// The rule: no container runs a tag that moves.

export const settingsSchema = {
  type: "object",
  additionalProperties: false,
  properties: {
    tags: {
      description: "The tags that move.",
      type: "array",
      items: { type: "string" },
      default: ["latest", "main", "master", "edge"],
    },
  },
};

export function readSettings(text) {
  const { tags = settingsSchema.properties.tags.default, ...unknown } = JSON.parse(text);
  // A string that is thrown means: this cannot be judged at all.
  if (!Array.isArray(tags)) throw "the setting tags is not a list";
  // A key that is mistyped is an error, rather than a setting without effect.
  for (const key in unknown) throw `there is no setting ${key}`;
  return { tags: new Set(tags) };
}

/** One finding for each container whose tag moves. */
export function judge(question, settings) {
  const findings = [];
  for (const instance of question.candidate.instances) {
    for (const container of instance.containers) {
      // A digest pins the image, whatever the tag says. No tag means latest.
      const tag = container.tag ?? "latest";
      if (container.digest || !settings.tags.has(tag)) continue;
      const key = `${instance.service}/${instance.name}`;
      findings.push({
        severity: "deny",
        code: "moving-tag",
        message: `${key} runs ${container.image}:${tag}, a tag that moves`,
        subjects: [{ tag: "instance", val: key }],
        hint: "name the version that was tested",
      });
    }
  }
  return findings;
}
