/** Webhooks of the registry, and what was sent to them. A secret goes to the server and never comes back. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answer, client, type Schemas } from "./client.ts";

export type Delivery = Schemas["WebhookDelivery"];
export type TestResult = Schemas["WebhookTestResult"];

export interface Webhook {
  id: string;
  name: string;
  url: string;
  description: string;
  /** `model_version.created`, … */
  events: string[];
  active: boolean;
  changed: number;
}

/** What a webhook is made of; a secret that is not given stays as it is. */
export interface WebhookDraft {
  name: string;
  url: string;
  description: string;
  events: string[];
  active: boolean;
  secret?: string;
}

export const EVENTS: readonly [event: string, what: string][] = [
  ["registered_model.created", "A model is made"],
  ["model_version.created", "A version is registered"],
  ["model_version_alias.created", "An alias points to a version"],
  ["model_version_alias.deleted", "An alias is removed"],
  ["model_version_tag.set", "A tag of a version is set"],
  ["model_version_tag.deleted", "A tag of a version is removed"],
];

export const webhookKeys = { all: ["webhooks"] as const };

export function webhookList() {
  return queryOptions({
    queryKey: ["webhooks", "list"],
    queryFn: async ({ signal }): Promise<Webhook[]> => {
      const found: Webhook[] = [];
      for (let token = "", more = true; more; ) {
        const query = { max_results: 1000, page_token: token };
        const page = await answer(client.GET("/api/2.0/mlflow/webhooks", { params: { query }, signal }));
        found.push(...(page.webhooks ?? []).map(toWebhook));
        token = page.next_page_token ?? "";
        more = token !== "";
      }
      return found;
    },
  });
}

const AT_ONCE = 50;

/** What was sent, the newest first; while something waits to be sent it is read again and again. */
export function deliveries(webhook_id: string) {
  return infiniteQueryOptions({
    queryKey: ["webhooks", "deliveries", webhook_id],
    queryFn: async ({ pageParam, signal }) => {
      const params = { path: { webhook_id }, query: { max_results: AT_ONCE, page_token: pageParam } };
      const url = "/api/ext/v1/webhooks/{webhook_id}/deliveries";
      const page = await answer(client.GET(url, { params, signal }));
      return { deliveries: page.deliveries ?? [], token: page.next_page_token };
    },
    initialPageParam: "",
    getNextPageParam: (last) => last.token || undefined,
    refetchInterval: ({ state }) =>
      state.data?.pages[0]?.deliveries.some((one) => one.state === "PENDING") ? 1500 : 15_000,
  });
}

export const createWebhook = (draft: WebhookDraft) =>
  answer(client.POST("/api/2.0/mlflow/webhooks", { body: toBody(draft) }));

export const updateWebhook = (webhook_id: string, draft: WebhookDraft) =>
  answer(
    client.PATCH("/api/2.0/mlflow/webhooks/{webhook_id}", {
      params: { path: { webhook_id } },
      body: toBody(draft),
    }),
  );

export const deleteWebhook = (webhook_id: string) =>
  answer(client.DELETE("/api/2.0/mlflow/webhooks/{webhook_id}", { params: { path: { webhook_id } } }));

/** Sends a sample now, and answers what came back. */
export async function testWebhook(webhook_id: string, event: string): Promise<TestResult> {
  const params = { path: { webhook_id } };
  const body = { event: toWire(event) };
  return (await answer(client.POST("/api/2.0/mlflow/webhooks/{webhook_id}/test", { params, body }))).result;
}

export const redeliver = (webhook_id: string, delivery_id: string) =>
  answer(
    client.POST("/api/ext/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver", {
      params: { path: { webhook_id, delivery_id } },
      body: {},
    }),
  );

const toBody = ({ name, url, description, events, active, secret }: WebhookDraft) => ({
  ...{ name, url, description, events: events.map(toWire) },
  status: active ? ("ACTIVE" as const) : ("DISABLED" as const),
  ...(secret ? { secret } : {}),
});

const toWire = (event: string): Schemas["EventName"] => {
  const [entity = "", action = ""] = event.toUpperCase().split(".");
  return { entity, action } as Schemas["EventName"];
};

const toWebhook = (wire: Schemas["WebhookWire"]): Webhook => ({
  id: wire.webhook_id,
  name: wire.name ?? "",
  url: wire.url ?? "",
  description: wire.description ?? "",
  events: (wire.events ?? []).map(({ entity, action }) => `${entity}.${action}`.toLowerCase()),
  active: wire.status === "ACTIVE",
  changed: wire.last_updated_timestamp ?? 0,
});
