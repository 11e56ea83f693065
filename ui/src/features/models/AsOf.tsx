/** A model as it was at a time: which versions it had, and where its aliases and stages pointed. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { modelAsOf } from "@/api/models.ts";
import { Button } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { Field } from "@/components/Field.tsx";
import { Markdown } from "@/components/Markdown.tsx";
import page from "@/components/Page.module.css";
import { Empty, Failed, Skeleton } from "@/components/State.tsx";
import { ownTags, TagChips } from "@/components/TagChips.tsx";
import { formatTime, timeZone } from "@/lib/format.ts";
import { fromInput, toInput } from "@/lib/timeRange.ts";
import styles from "./Models.module.css";

interface AsOfProps {
  name: string;
  /** UTC milliseconds. */
  time: number;
  onTime: (time: number | null) => void;
}

export function AsOf({ name, time, onTime }: AsOfProps) {
  const { data, error, isPending, refetch } = useQuery(modelAsOf(name, time));
  const zone = timeZone();
  return (
    <>
      <div className={styles.then}>
        <Field
          label={zone ? `As it was at (${zone})` : "As it was at"}
          visibleLabel
          type="datetime-local"
          step={1}
          value={toInput(time, zone, "second")}
          onChange={(event) => {
            const chosen = fromInput(event.target.value, zone);
            if (chosen !== null) onTime(chosen);
          }}
        />
        <Button icon="restore" onClick={() => onTime(null)}>
          Back to now
        </Button>
      </div>
      {isPending ? (
        <Skeleton />
      ) : error ? (
        <Failed error={error} retry={() => refetch()} />
      ) : (
        <div className={styles.page}>
          <div className={page.column}>
            <Card title={`Versions on ${formatTime(time)}`} count={data.versions.length}>
              {data.versions.length === 0 ? <Empty title="It had no versions" /> : <Versions {...data} />}
            </Card>
          </div>
          <div className={page.column}>
            <Card title="Description then">
              {data.model.description ? (
                <Markdown text={data.model.description} />
              ) : (
                <p className={`${styles.inset} ${styles.quiet}`}>It had none.</p>
              )}
            </Card>
            <Card title="Tags then">
              <div className={styles.inset}>
                {data.model.tags?.length ? (
                  <TagChips tags={data.model.tags} />
                ) : (
                  <p className={styles.quiet}>It had none.</p>
                )}
              </div>
            </Card>
          </div>
        </div>
      )}
    </>
  );
}

function Versions({
  model,
  versions,
}: Awaited<ReturnType<NonNullable<ReturnType<typeof modelAsOf>["queryFn"]>>>) {
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">Version</th>
          <th scope="col">Aliases</th>
          <th scope="col">Stage</th>
          <th scope="col">Description</th>
          <th scope="col">Tags</th>
        </tr>
      </thead>
      <tbody>
        {versions.map(({ name, version, current_stage, description, tags }) => (
          <tr key={version}>
            <th scope="row">
              <Link to="/models/$name/$version" params={{ name, version }} search={{}}>
                v{version}
              </Link>
            </th>
            <td>
              {model.aliases
                .filter((one) => one.version === version)
                .map(({ alias }) => `@${alias}`)
                .join(", ")}
            </td>
            <td>{current_stage === "None" ? "" : current_stage}</td>
            <td>{description}</td>
            <td>
              <TagChips tags={ownTags(tags)} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
