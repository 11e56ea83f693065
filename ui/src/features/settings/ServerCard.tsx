import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { PREFIX } from "@/api/client.ts";
import { serverInfo } from "@/api/server.ts";
import { Card } from "@/components/Card.tsx";
import styles from "./SettingsPage.module.css";

export function ServerCard() {
  const { data, error } = useQuery(serverInfo);
  const facts: [string, string][] = [
    ["Address", `${window.location.origin}${PREFIX}`],
    ["Version", data?.version ?? "…"],
    ["Store", data?.store ?? "…"],
    ["Extensions of the API", data ? `version ${data.extensions}` : "…"],
  ];
  return (
    <Card title="Server">
      {error && <p role="alert">{error.message}</p>}
      <dl className={styles.facts}>
        {facts.map(([name, value]) => (
          <div key={name} className={styles.row}>
            <dt>{name}</dt>
            <dd className="num">{value}</dd>
          </div>
        ))}
      </dl>
      <p className={styles.links}>
        <Link to="/webhooks" search={{}}>
          Webhooks
        </Link>
        <a href={`${PREFIX}/docs`}>REST API</a>
        <a href={`${PREFIX}/openapi.json`}>OpenAPI document</a>
        <a href={`${PREFIX}/metrics`}>Prometheus metrics</a>
      </p>
    </Card>
  );
}
