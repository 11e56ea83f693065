import { useQuery } from "@tanstack/react-query";
import { type RegistryEvent, registryHistory } from "@/api/models.ts";
import { Card } from "@/components/Card.tsx";
import { formatAgo, formatTime } from "@/lib/format.ts";
import { useNow } from "@/lib/useNow.ts";
import styles from "./Models.module.css";
import { sentenceOf } from "./sentences.ts";

/** What happened to a model or a version, the latest first, with what checks found. */
export function History({ name, version }: { name: string; version?: string }) {
  const now = useNow();
  const { data } = useQuery(registryHistory(name, version));
  if (!data?.length) return null;
  return (
    <Card title="History">
      <ol className={styles.history}>
        {data.map((event) => (
          <li key={event.seq} data-refused={event.action.endsWith("refused")}>
            <p>{sentenceOf(event, version === undefined)}</p>
            <Evidence event={event} />
            <small title={formatTime(event.time)}>
              {formatAgo(event.time, now)}
              {event.user_id && ` by ${event.user_id}`}
            </small>
          </li>
        ))}
      </ol>
    </Card>
  );
}

function Evidence({ event: { evidence = [] } }: { event: RegistryEvent }) {
  if (!evidence.length) return null;
  return (
    <ul>
      {evidence.map(({ check, passed = true, reason }) => (
        <li key={check}>
          {passed ? "✓" : "✗"} {check}
          {reason && `: ${reason}`}
        </li>
      ))}
    </ul>
  );
}
