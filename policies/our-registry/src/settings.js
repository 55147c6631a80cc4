// What an operator may set.

import { locate } from "./repository.js";

export const settingsSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Settings of our-registry",
  type: "object",
  additionalProperties: false,
  required: ["registries"],
  properties: {
    registries: {
      description:
        "Where images may come from: a host, or a host and the beginning of a path: registry.example/shop.",
      type: "array",
      minItems: 1,
      items: { type: "string", pattern: "^[^/\\s]+(/[^/\\s]+)*/?$" },
    },
  },
};

/** The registries as hosts with paths: `docker.io/library`, `registry.example`. */
export function readSettings(text) {
  const { registries, ...unknown } = JSON.parse(text);
  for (const key in unknown) throw `there is no setting ${key}, only registries`;
  if (!Array.isArray(registries) || registries.length === 0) {
    throw "the setting registries is missing: name where images may come from, such as registry.example/shop";
  }
  return registries.map((registry) => {
    if (typeof registry !== "string" || !/^[^/\s]+(\/[^/\s]+)*\/?$/.test(registry)) {
      throw `the setting registries has ${JSON.stringify(registry)}; write it as registry.example/shop`;
    }
    return locate(registry.replace(/\/$/, ""));
  });
}
