// What an operator may set.

export const settingsSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Settings of few-experiments",
  type: "object",
  additionalProperties: false,
  properties: {
    stages: { description: "The stages that are production.", type: "array", items: { type: "string" }, default: ["prod"] },
    prefix: { description: "What the key of an experiment's flag begins with.", type: "string", default: "exp-" },
    most: { description: "How many experiments may be on at once.", type: "integer", minimum: 0, default: 3 },
  },
};

export function readSettings(text) {
  const { stages = ["prod"], prefix = "exp-", most = 3, ...unknown } = JSON.parse(text);
  for (const key in unknown) throw `there is no setting ${key}`;
  return { stages, prefix, most };
}
