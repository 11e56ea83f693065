/** Orders of long results: the server keeps one for a minute, so that any page of it is found at once. */
import { answer, client } from "./client.ts";
import type { RunQuery } from "./runs.ts";

export const NEAR = 1000; // rows; pages that end before them need no order

const TOGETHER = 20; // milliseconds, within which pages that are read anew need the same order

const MOST = 16; // searches whose orders are known: of tables, pinned runs, children

interface Order {
  began: number;
  id: Promise<string>;
}

const orders = new Map<string, Order>(); // by their searches, the one that was read last at the end

/** The id of a search's order, asked for once by all pages that need it; `outdated` asks anew. */
export function orderOf(query: RunQuery, outdated = false): Promise<string> {
  const of = JSON.stringify(query);
  const known = orders.get(of);
  if (known && !(outdated && performance.now() - known.began > TOGETHER)) {
    keep(of, known);
    return known.id;
  }
  const asked = { began: performance.now(), id: findOrder(query) };
  keep(of, asked);
  asked.id.catch(() => {
    if (orders.get(of) === asked) orders.delete(of);
  });
  return asked.id;
}

function keep(of: string, order: Order): void {
  orders.delete(of);
  orders.set(of, order);
  const [first] = orders.keys();
  if (orders.size > MOST && first !== undefined) orders.delete(first);
}

/** Go on with the order that the server answered, which had forgotten the other one. */
export function replaceOrder(query: RunQuery, before: string, id: string): void {
  const of = JSON.stringify(query);
  const known = orders.get(of);
  if (before !== id && known) orders.set(of, { ...known, id: Promise.resolve(id) });
}

async function findOrder({ experimentIds, filter, orderBy, view }: RunQuery): Promise<string> {
  const search = { experiment_ids: experimentIds, filter, order_by: orderBy, run_view_type: view };
  const body = { ...search, columns: [], offset: NEAR, limit: 1, result_id: "" };
  return (await answer(client.POST("/api/ext/v1/runs/query", { body }))).result_id ?? "";
}
