import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { registryHistory } from "@/api/models.ts";
import { Card } from "@/components/Card.tsx";
import { formatAgo, formatTime } from "@/lib/format.ts";
import { useNow } from "@/lib/useNow.ts";
import { Checks } from "./Checks.tsx";
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
            {event.evidence?.length ? <Checks evidence={event.evidence} /> : null}
            <small>
              <Link
                to="/models/$name"
                params={{ name }}
                search={{ at: String(event.time) }}
                title={`${formatTime(event.time)}: the model as it was then`}
              >
                {formatAgo(event.time, now)}
              </Link>
              {event.user_id && ` by ${event.user_id}`}
            </small>
          </li>
        ))}
      </ol>
    </Card>
  );
}
