/** What was sent to a webhook and what came back; what failed can be sent again. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type Delivery, deliveries, redeliver, type Webhook, webhookKeys } from "@/api/webhooks.ts";
import { Button } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { Failed, Skeleton } from "@/components/State.tsx";
import { formatAgo, formatTime } from "@/lib/format.ts";
import { layJson } from "@/lib/layJson.ts";
import { useEdit } from "@/lib/useEdit.ts";
import { useNow } from "@/lib/useNow.ts";
import styles from "./Webhooks.module.css";

const route = getRouteApi("/webhooks");

export function Deliveries({ webhook }: { webhook: Webhook }) {
  const list = useInfiniteQuery(deliveries(webhook.id));
  const found = list.data?.pages.flatMap((page) => page.deliveries) ?? [];
  return (
    <Card
      title={`Deliveries to ${webhook.name}`}
      aside={
        <Button icon="restore" onClick={() => void list.refetch()}>
          Read again
        </Button>
      }
    >
      {list.isPending ? (
        <Skeleton rows={4} />
      ) : list.error ? (
        <Failed error={list.error} retry={() => list.refetch()} />
      ) : found.length === 0 ? (
        <p className={styles.none}>Nothing was sent yet.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <div className={styles.scroll} tabIndex={0}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">Event</th>
                <th scope="col">State</th>
                <th scope="col">Attempts</th>
                <th scope="col">Answer</th>
                <th scope="col">
                  <span className="sr-only">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {found.map((delivery) => (
                <DeliveryRows key={delivery.delivery_id} delivery={delivery} webhook={webhook} />
              ))}
            </tbody>
          </table>
          {list.hasNextPage && (
            <p className={styles.none}>
              <Button onClick={() => list.fetchNextPage()}>Older ones</Button>
            </p>
          )}
        </div>
      )}
    </Card>
  );
}

const STATES: Record<string, string> = { DELIVERED: "✓ delivered", FAILED: "✗ failed", PENDING: "waiting" };

function DeliveryRows({ delivery, webhook }: { delivery: Delivery; webhook: Webhook }) {
  const now = useNow(5000);
  const { d: opened = [] } = route.useSearch();
  const navigate = route.useNavigate();
  const edit = useEdit(webhookKeys.all);
  const { delivery_id, event, state, attempts, created, next_attempt, response_status, error } = delivery;
  const open = opened.includes(delivery_id);
  const toggle = () => {
    const after = open ? opened.filter((one) => one !== delivery_id) : [...opened, delivery_id];
    void navigate({
      search: (before) => ({ ...before, d: after.length ? after : undefined }),
      replace: true,
    });
  };
  return (
    <>
      <tr>
        <td title={formatTime(created)}>{formatAgo(created, now)}</td>
        <th scope="row">
          <button type="button" aria-expanded={open} onClick={toggle}>
            {event}
          </button>
        </th>
        <td className={styles.state} data-state={state.toLowerCase()}>
          {STATES[state] ?? state}
          {next_attempt && next_attempt > now ? `, again in ${Math.ceil((next_attempt - now) / 1000)} s` : ""}
        </td>
        <td className="num">{attempts}</td>
        <td>{response_status ? `status ${response_status}` : (error ?? "")}</td>
        <td>
          {state !== "PENDING" && (
            <Button
              onClick={() =>
                edit({ call: () => redeliver(webhook.id, delivery_id), done: "It is sent once more." })
              }
            >
              Send again
            </Button>
          )}
        </td>
      </tr>
      {open && (
        <tr>
          <td colSpan={6}>
            <Sent delivery={delivery} />
          </td>
        </tr>
      )}
    </>
  );
}

function Sent({ delivery: { delivery_id, body, response_body, error } }: { delivery: Delivery }) {
  return (
    <div className={styles.sent}>
      <p>
        Delivery <code>{delivery_id}</code>
      </p>
      {body && (
        <>
          <h3>Sent</h3>
          <pre className={styles.body}>{layJson(body) ?? body}</pre>
        </>
      )}
      {response_body && (
        <>
          <h3>Came back</h3>
          <pre className={styles.body}>{response_body}</pre>
        </>
      )}
      {error && <p className={styles.fault}>{error}</p>}
    </div>
  );
}
