import { afterEach, expect, test, vi } from "vitest";
import { fetchOnce } from "./early.ts";

const PATH = "/api/ext/v1/experiments/1/opening";
const request = (path: string, method = "GET") => new Request(`${window.location.origin}${path}`, { method });

afterEach(() => {
  vi.unstubAllGlobals();
  delete window.early;
});

test("what was asked for early is taken once", async () => {
  const late = vi.fn(async () => new Response("late"));
  vi.stubGlobal("fetch", late);
  window.early = new Map([[PATH, Promise.resolve(new Response("early"))]]);
  const texts = [await fetchOnce(request(PATH)), await fetchOnce(request(PATH))].map((found) => found.text());
  expect(await Promise.all(texts)).toEqual(["early", "late"]);
  expect(late).toHaveBeenCalledTimes(1);
});

test("other addresses and methods are asked for as ever", async () => {
  const late = vi.fn(async () => new Response("late"));
  vi.stubGlobal("fetch", late);
  window.early = new Map([[PATH, Promise.resolve(new Response("early"))]]);
  await fetchOnce(request(`${PATH}?of=2`));
  await fetchOnce(request(PATH, "POST"));
  expect(late).toHaveBeenCalledTimes(2);
});
