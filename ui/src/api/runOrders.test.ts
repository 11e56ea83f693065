import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { orderOf, replaceOrder } from "./runOrders.ts";
import type { RunQuery } from "./runs.ts";

/** Filters that the server was asked for the order of. */
const asked: string[] = [];

beforeEach(() => {
  asked.length = 0;
  vi.stubGlobal("fetch", async (request: Request) => {
    const { filter } = (await request.json()) as { filter: string };
    asked.push(filter);
    return Response.json({ result_id: `order of ${filter}` });
  });
});
afterEach(() => vi.unstubAllGlobals());

const search = (filter: string): RunQuery => ({
  experimentIds: ["1"],
  filter,
  orderBy: [],
  view: "ACTIVE_ONLY",
});

test("two tables on one page keep their orders while both are read", async () => {
  expect(await orderOf(search("a"))).toBe("order of a");
  expect(await orderOf(search("b"))).toBe("order of b");
  expect(await orderOf(search("a"))).toBe("order of a");
  expect(await orderOf(search("b"))).toBe("order of b");
  expect(asked).toEqual(["a", "b"]);
});

test("an order that the server forgot is replaced by the one that it answered", async () => {
  const id = await orderOf(search("c"));
  replaceOrder(search("c"), id, "another");
  replaceOrder(search("never read"), "", "none");
  expect(await orderOf(search("c"))).toBe("another");
  expect(asked).toEqual(["c"]);
});

test("orders that were read long ago make room", async () => {
  await orderOf(search("d"));
  for (let at = 0; at < 20; at += 1) await orderOf(search(`other ${at}`));
  asked.length = 0;
  await orderOf(search("other 19"));
  await orderOf(search("d"));
  expect(asked).toEqual(["d"]);
});
