// The rule: images come from our registries only.

import { isIn, locateImage, movedTo } from "./repository.js";

/** One finding for each repository that is elsewhere, with all workloads that run it. */
export function judge(question, registries) {
  const elsewhere = new Map();
  // Ten thousand workloads have far fewer images.
  const seen = new Map();
  for (const instance of question.candidate.instances) {
    // Init containers are among them.
    for (const container of instance.containers) {
      let place = seen.get(container.image);
      if (place === undefined) {
        const repository = locateImage(container.image);
        place = registries.some((registry) => isIn(repository, registry)) ? null : repository;
        seen.set(container.image, place);
      }
      if (place === null) continue;
      if (!elsewhere.has(place)) elsewhere.set(place, { image: container.image, keys: new Set() });
      elsewhere.get(place).keys.add(`${instance.service}/${instance.name}`);
    }
  }
  return [...elsewhere].map(([place, found]) => finding(place, found, registries[0]));
}

function finding(place, { image, keys }, registry) {
  const name = image === place ? image : `${image} (${place})`;
  return {
    severity: "deny",
    code: "foreign-registry",
    message: `${name} is not from our registries`,
    subjects: [...keys].map((key) => ({ tag: "instance", val: key })),
    hint: `copy the image to ${movedTo(place, registry)}, and write that`,
  };
}
