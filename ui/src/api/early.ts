/** Answers that src/early.js asked for before this code was there. */

declare global {
  interface Window {
    early?: Map<string, Promise<Response>>;
  }
}

/** `fetch`, but what was asked for early is taken from there; once, since later it may be out of date. */
export function fetchOnce(request: Request): Promise<Response> {
  const path = request.url.slice(window.location.origin.length);
  const asked = request.method === "GET" ? window.early?.get(path) : undefined;
  if (!asked) return fetch(request);
  window.early?.delete(path);
  return asked;
}
