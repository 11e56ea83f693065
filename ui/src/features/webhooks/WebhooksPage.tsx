/** Requests that the server sends when something happens to registered models, and what came of them. */
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { type Webhook, webhookList } from "@/api/webhooks.ts";
import { Button } from "@/components/Button.tsx";
import { Header } from "@/components/Header.tsx";
import { Empty, Failed, Skeleton } from "@/components/State.tsx";
import { Deliveries } from "./Deliveries.tsx";
import { WebhookDialog } from "./WebhookDialog.tsx";
import { WebhookRow } from "./WebhookRow.tsx";
import styles from "./Webhooks.module.css";

const route = getRouteApi("/webhooks");

export function WebhooksPage() {
  const { w } = route.useSearch();
  const navigate = route.useNavigate();
  const [editing, setEditing] = useState<Webhook | "new" | null>(null);
  const { data, error, isPending, refetch } = useQuery(webhookList());
  const open = data?.find(({ id }) => id === w);
  return (
    <>
      <Header
        title="Webhooks"
        crumbs={
          <Link to="/models" search={{}}>
            Models
          </Link>
        }
        aside={
          <Button look="primary" icon="plus" onClick={() => setEditing("new")}>
            New webhook
          </Button>
        }
      />
      {isPending ? (
        <Skeleton />
      ) : error ? (
        <Failed error={error} retry={() => refetch()} />
      ) : data.length === 0 ? (
        <Empty title="No webhooks yet">
          <p>A webhook tells another program, by a POST, what happens to registered models.</p>
        </Empty>
      ) : (
        <div className={styles.page}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
          <section className={styles.scroll} aria-label="Webhooks" tabIndex={0}>
            <table className={styles.table}>
              <thead>
                <tr>
                  <th scope="col">Name</th>
                  <th scope="col">State</th>
                  <th scope="col">Address</th>
                  <th scope="col">Events</th>
                  <th scope="col">
                    <span className="sr-only">Actions</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {data.map((webhook) => (
                  <WebhookRow
                    key={webhook.id}
                    webhook={webhook}
                    open={webhook.id === w}
                    onOpen={() => void navigate({ search: { w: webhook.id } })}
                    onClose={() => navigate({ search: {} })}
                    onEdit={() => setEditing(webhook)}
                  />
                ))}
              </tbody>
            </table>
          </section>
          {open && <Deliveries key={open.id} webhook={open} />}
        </div>
      )}
      {editing && (
        <WebhookDialog webhook={editing === "new" ? null : editing} onClose={() => setEditing(null)} />
      )}
    </>
  );
}
