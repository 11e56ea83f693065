/** A GeoJSON file as an outline map. Nothing is fetched: no tiles, no fonts, no styles of the file's own. */
import { useMemo, useState } from "react";
import { plural } from "@/lib/format.ts";
import { Empty } from "../State.tsx";
import styles from "./Files.module.css";
import { type Feature, type GeoMap, readMap } from "./geo.ts";
import map from "./Map.module.css";

const MOST_ROWS = 200;

export function MapFile({ text, name }: { text: string; name: string }) {
  const read = useMemo(() => readMap(text), [text]);
  const [chosen, setChosen] = useState<number | null>(null);
  if (!read) return <Empty title="There is nothing to draw in this file" />;
  return (
    <div className={map.page}>
      {read.thinned && <p className={styles.cut}>Some of it is left out, so that the map can be drawn.</p>}
      <Drawing read={read} name={name} chosen={chosen} onChoose={setChosen} />
      <FeatureTable features={read.features} chosen={chosen} onChoose={setChosen} />
    </div>
  );
}

interface DrawingProps {
  read: GeoMap;
  name: string;
  chosen: number | null;
  onChoose: (feature: number | null) => void;
}

function Drawing({ read: { width, height, shapes, features, grid }, name, chosen, onChoose }: DrawingProps) {
  return (
    <svg
      className={map.map}
      viewBox={`0 0 ${width.toFixed(1)} ${height.toFixed(1)}`}
      role="img"
      aria-label={`Map of ${name}: ${plural(features.length, "feature")}`}
    >
      <g className={map.grid}>
        {grid.map(({ path, label, x, y }) => (
          <g key={path}>
            <path d={path} />
            <text x={x} y={y}>
              {label}
            </text>
          </g>
        ))}
      </g>
      <g className={map.shapes}>
        {shapes.map(({ feature, kind, path, x, y }, at) => {
          const own = {
            "data-kind": kind,
            "data-chosen": feature === chosen || undefined,
            onMouseEnter: () => onChoose(feature),
          };
          const title = features[feature]?.title;
          return kind === "point" ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: shapes have no identity
            <circle key={at} cx={x} cy={y} r={4} {...own}>
              {title && <title>{title}</title>}
            </circle>
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: shapes have no identity
            <path key={at} d={path} {...own}>
              {title && <title>{title}</title>}
            </path>
          );
        })}
      </g>
    </svg>
  );
}

interface FeatureTableProps {
  features: readonly Feature[];
  chosen: number | null;
  onChoose: (feature: number) => void;
}

function FeatureTable({ features, chosen, onChoose }: FeatureTableProps) {
  const keys = [...new Set(features.flatMap(({ properties }) => properties.map(([key]) => key)))].slice(
    0,
    20,
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className={styles.table} aria-label="Features" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Feature</th>
            <th scope="col">Kind</th>
            {keys.map((key) => (
              <th key={key} scope="col">
                {key}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {features.slice(0, MOST_ROWS).map(({ title, kind, properties }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: features have no identity
            <tr key={at} data-chosen={at === chosen || undefined} onMouseEnter={() => onChoose(at)}>
              <th scope="row">{title || at}</th>
              <td>{kind}</td>
              {keys.map((key) => (
                <td key={key}>{properties.find(([own]) => own === key)?.[1] ?? "–"}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {features.length > MOST_ROWS && (
        <p className={styles.pages}>{features.length - MOST_ROWS} more features are in the map only.</p>
      )}
    </section>
  );
}
