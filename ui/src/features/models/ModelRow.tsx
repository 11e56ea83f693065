import { Link } from "@tanstack/react-router";
import type { Model } from "@/api/models.ts";
import { Sparkline } from "@/charts/Sparkline.tsx";
import { ownTags, TagChips } from "@/components/TagChips.tsx";
import { formatAgo, formatNumber, formatTime } from "@/lib/format.ts";
import { useNow } from "@/lib/useNow.ts";
import { AliasChip } from "./AliasChip.tsx";
import styles from "./Models.module.css";
import { partsOf, type Trend } from "./useTrends.ts";

interface ModelRowProps {
  model: Model;
  /** Of the chosen metric over versions; null where there is no such column. */
  trend: Trend | undefined | null;
  onTag: (key: string, value: string) => void;
}

export function ModelRow({ model, trend, onTag }: ModelRowProps) {
  const now = useNow();
  const { name, aliases, latest_versions = [], tags = [] } = model;
  const latest = Math.max(0, ...latest_versions.map(({ version }) => Number(version)));
  const newest = latest_versions.find(({ version }) => Number(version) === latest);
  const staged = latest_versions.filter(({ current_stage }) => current_stage && current_stage !== "None");
  const changed = model.last_updated_timestamp ?? model.creation_timestamp;
  return (
    <tr>
      <th scope="row">
        <Link to="/models/$name" params={{ name }} search={{}}>
          {name}
        </Link>
      </th>
      <td className="num">
        {latest ? (
          <Link to="/models/$name/$version" params={{ name, version: String(latest) }} search={{}}>
            v{latest}
          </Link>
        ) : (
          "–"
        )}
      </td>
      <td>
        <span className={styles.chips}>
          {aliases.map(({ alias, version }) => (
            <AliasChip key={alias} name={name} alias={alias} version={version} />
          ))}
        </span>
      </td>
      <td>{staged.map(({ current_stage, version }) => `${current_stage} v${version}`).join(", ")}</td>
      {trend !== null && <td>{trend && <TrendLine trend={trend} />}</td>}
      <td>{newest?.user_id ?? ""}</td>
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
