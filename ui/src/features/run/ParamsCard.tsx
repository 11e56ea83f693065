import { useState } from "react";
import type { Run } from "@/api/runs.ts";
import { Card } from "@/components/Card.tsx";
import { More, useSome } from "@/components/More.tsx";
import { MOST_ROWS, Search } from "./MetricsCard.tsx";
import styles from "./Overview.module.css";

const SEARCHABLE = 8;

export function ParamsCard({ run }: { run: Run }) {
  const [text, setText] = useState("");
  const params = Object.entries(run.params).sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }));
  const matching = params.filter((pair) => pair.join(" ").toLowerCase().includes(text.toLowerCase()));
  const [shown, more] = useSome(matching, MOST_ROWS);
  return (
    <Card
      title="Params"
      count={params.length}
      aside={params.length >= SEARCHABLE && <Search label="Search params" text={text} onText={setText} />}
    >
      {params.length === 0 ? (
        <p className={styles.none}>
          None: <code>mlflow.log_param("lr", 0.01)</code>
        </p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <div className={styles.scroll} tabIndex={0}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">Param</th>
                <th scope="col">Value</th>
              </tr>
            </thead>
            <tbody>
              {shown.map(([key, value]) => (
                <tr key={key}>
                  <td>{key}</td>
                  <td className="num">{value}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {more && (
            <More
              shown={shown.length}
              all={matching.length}
              onMore={more}
              hint="the search finds the others."
            />
          )}
        </div>
      )}
    </Card>
  );
}
