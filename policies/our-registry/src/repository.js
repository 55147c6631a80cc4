// Where a repository really is: the host and the path that its short forms stand for.

const dockerHub = new Set(["docker.io", "index.docker.io", "registry-1.docker.io"]);

const isHost = (part) => part.includes(".") || part.includes(":") || part === "localhost";

/**
 * A registry, or a path in one, with its host:
 * `ghcr.io` → `ghcr.io`, `shop` → `docker.io/shop`, `index.docker.io/shop` → `docker.io/shop`.
 */
export function locate(text) {
  const [first, ...path] = text.split("/");
  // Without a dot or a port, the first part is a name on Docker Hub.
  if (!isHost(first)) return `docker.io/${text}`;
  const host = first.toLowerCase();
  return [dockerHub.has(host) ? "docker.io" : host, ...path].join("/");
}

/** An image's repository with its host: `nginx` → `docker.io/library/nginx`. */
export function locateImage(image) {
  const place = locate(image);
  const [, path] = split(place);
  return place.startsWith("docker.io/") && !path.includes("/") ? `docker.io/library/${path}` : place;
}

/** Whether a repository is a registry's, or below its path. */
export function isIn(repository, registry) {
  return repository === registry || repository.startsWith(`${registry}/`);
}

/** The same repository in another registry: `docker.io/library/nginx` → `registry.example/nginx`. */
export function movedTo(repository, registry) {
  const [, path] = split(repository);
  return `${registry}/${path.replace(/^library\//, "")}`;
}

function split(place) {
  const slash = place.indexOf("/");
  return [place.slice(0, slash), place.slice(slash + 1)];
}
