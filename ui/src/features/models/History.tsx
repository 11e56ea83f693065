import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { commentIn, registryHistory } from "@/api/models.ts";
import { Card } from "@/components/Card.tsx";
import { More, useSome } from "@/components/More.tsx";
import { formatAgo, formatTime } from "@/lib/format.ts";
import { useNow } from "@/lib/useNow.ts";
import { Checks } from "./Checks.tsx";
import styles from "./Models.module.css";
import { sentenceOf } from "./sentences.ts";

const SOME = 50; // events

/** What happened to a model or a version, the latest first, with what checks found. */
export function History({ name, version }: { name: string; version?: string }) {
  const now = useNow();
  const { data = [], error } = useQuery(registryHistory(name, version));
  const [shown, more] = useSome(data, SOME);
  if (error) {
    return (
      <Card title="History">
        <p className={styles.inset}>{error.message}</p>
      </Card>
    );
  }
  if (!data.length) return null;
  return (
    <Card title="History">
      <ol className={styles.history}>
        {shown.map((event) => (
          <li key={event.seq} data-refused={event.action.endsWith("refused")}>
            <p>{sentenceOf(event, version === undefined)}</p>
            {event.evidence?.length && commentIn(event.evidence) === null ? (
              <Checks evidence={event.evidence} />
            ) : null}
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
      {more && (
        <div className={styles.inset}>
          <More shown={shown.length} all={data.length} onMore={more} hint="the latest come first." />
        </div>
      )}
    </Card>
  );
}
