import { Link } from "@tanstack/react-router";
import type { ListedModel, Trend } from "@/api/listedModels.ts";
import { Sparkline } from "@/charts/Sparkline.tsx";
import { ownTags, TagChips } from "@/components/TagChips.tsx";
import { formatAgo, formatNumber, formatTime } from "@/lib/format.ts";
import { useNow } from "@/lib/useNow.ts";
import { AliasChip } from "./AliasChip.tsx";
import styles from "./Models.module.css";

interface ModelRowProps {
  model: ListedModel;
  /** Whether there is a column of a metric over versions. */
  withTrend: boolean;
  onTag: (key: string, value: string) => void;
}

export function ModelRow({ model, withTrend, onTag }: ModelRowProps) {
  const now = useNow();
  const { name, aliases, latest, count, stages, changed, trend, tags } = model;
  return (
    <tr>
      <th scope="row">
        <Link to="/models/$name" params={{ name }} search={{}} title={model.description || undefined}>
          {name}
        </Link>
      </th>
      <td className="num">
        {latest ? (
          <Link to="/models/$name/$version" params={{ name, version: latest }} search={{}}>
            v{latest}
          </Link>
        ) : (
          "–"
        )}
      </td>
      <td className="num">{count ?? ""}</td>
      <td>
        <span className={styles.chips}>
          {aliases.map(({ alias, version }) => (
            <AliasChip key={alias} name={name} alias={alias} version={version} />
          ))}
        </span>
      </td>
      <td>{stages.map(({ stage, version }) => `${stage} v${version}`).join(", ")}</td>
      {withTrend && <td>{trend.values.length > 0 && <TrendLine trend={trend} />}</td>}
      <td>{model.user}</td>
      <td title={changed ? formatTime(changed) : undefined}>{changed ? formatAgo(changed, now) : ""}</td>
      <td>
        <TagChips tags={ownTags(tags)} onPick={onTag} />
      </td>
    </tr>
  );
}

function TrendLine({ trend: { versions, values } }: { trend: Trend }) {
  const told = values.map((value, at) => `v${versions[at]}: ${formatNumber(value)}`).join(", ");
  return (
    <span className={styles.trend} title={told}>
      {values.length > 1 && <Sparkline parts={partsOf(values)} color="var(--accent)" />}
      <span className="num">{formatNumber(values.at(-1) as number)}</span>
      <span className="sr-only">over versions, {told}</span>
    </span>
  );
}

/** From 0 to 1, the smallest to the largest. */
function partsOf(values: readonly number[]): number[] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return values.map((value) => (high > low ? (value - low) / (high - low) : 0.5));
}
