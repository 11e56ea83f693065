/** Orders of long results: the server keeps one for a minute, so that any page of it is found at once. */
import { answer, client } from "./client.ts";
import type { RunQuery } from "./runs.ts";

export const NEAR = 1000; // rows; pages that end before them need no order

const TOGETHER = 20; // milliseconds, within which pages that are read anew need the same order

interface Order {
  of: string;
  began: number;
  id: Promise<string>;
}

let order: Order | undefined; // of the last search that was read far on

/** The id of a search's order, asked for once by all pages that need it; `outdated` asks anew. */
export function orderOf(query: RunQuery, outdated = false): Promise<string> {
  const of = JSON.stringify(query);
  if (order?.of === of && !(outdated && performance.now() - order.began > TOGETHER)) return order.id;
  const asked = { of, began: performance.now(), id: findOrder(query) };
  order = asked;
  asked.id.catch(() => {
    if (order === asked) order = undefined;
  });
  return asked.id;
}

/** Go on with the order that the server answered, which had forgotten the other one. */
export function replaceOrder(query: RunQuery, before: string, id: string): void {
  if (before === id || order?.of !== JSON.stringify(query)) return;
  order = { ...order, id: Promise.resolve(id) };
}

async function findOrder({ experimentIds, filter, orderBy, view }: RunQuery): Promise<string> {
  const search = { experiment_ids: experimentIds, filter, order_by: orderBy, run_view_type: view };
  const body = { ...search, columns: [], offset: NEAR, limit: 1, result_id: "" };
  return (await answer(client.POST("/api/ext/v1/runs/query", { body }))).result_id ?? "";
}
