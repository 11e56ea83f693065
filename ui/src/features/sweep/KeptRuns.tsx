/** The runs that the ranges keep, the best first, and making the ranges part of the filter. */
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { Button } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { formatCount } from "@/lib/format.ts";
import { brushedFilter } from "./brushFilter.ts";
import styles from "./Sweep.module.css";
import { type Sweep, told } from "./useSweep.ts";

const SHOWN = 100;

interface KeptRunsProps {
  sweep: Sweep;
  hovered: number | null;
  onHover: (row: number | null) => void;
}

export function KeptRuns({ sweep, hovered, onHover }: KeptRunsProps) {
  const { axes, rows, smaller, matrix, brushes, search, query, change } = sweep;
  const best = useMemo(() => {
    const values = axes.at(-1)?.values ?? [];
    const size = (row: number) => (smaller ? 1 : -1) * Number(values[row]);
    return [...rows].sort((a, b) => size(a) - size(b));
  }, [axes, rows, smaller]);
  const shown = [...axes.slice(-1), ...axes.slice(0, -1)];
  const filter = brushedFilter(query.filter, axes, brushes);
  const more = rows.length - SHOWN;
  return (
    <Card
      title="Runs, the best first"
      count={rows.length}
      aside={
        brushes.size > 0 && (
          <Button icon="filter" onClick={() => change({ q: filter, br: undefined }, false)}>
            Apply as filter
          </Button>
        )
      }
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className={styles.kept} aria-label="Runs, the best first, as a table" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Run</th>
              {shown.map(({ id, title, plain }) => (
                <th key={id} scope="col" data-number={plain.kind === "number"}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {best.slice(0, SHOWN).map((row) => (
              <tr
                key={matrix?.ids[row]}
                data-hovered={row === hovered}
                onPointerEnter={() => onHover(row)}
                onPointerLeave={() => onHover(null)}
              >
                <th scope="row">
                  <Link to="/runs/$runId" params={{ runId: matrix?.ids[row] ?? "" }} search={{}}>
                    {matrix?.names[row]}
                  </Link>
                </th>
                {shown.map((axis) => (
                  <td
                    key={axis.id}
                    data-number={axis.plain.kind === "number"}
                    title={String(axis.values[row] ?? "")}
                  >
                    {told(axis, row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p className={styles.note}>
        {more > 0 && `and ${formatCount(more)} more. `}
        <InTable sweep={sweep} filter={filter ?? search.q} />
      </p>
    </Card>
  );
}

function InTable({ sweep, filter }: { sweep: Sweep; filter: string | undefined }) {
  const { several, experimentIds, search, target, smaller } = sweep;
  const shown = { q: filter, s: smaller ? target : `-${target}` };
  const text = "Open them in the table of runs";
  if (several) {
    return (
      <Link to="/runs" search={{ ...shown, e: search.e }}>
        {text}
      </Link>
    );
  }
  return (
    <Link
      to="/experiments/$experimentId"
      params={{ experimentId: experimentIds[0] as string }}
      search={shown}
    >
      {text}
    </Link>
  );
}
