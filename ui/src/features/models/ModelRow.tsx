import { Link } from "@tanstack/react-router";
import type { Model } from "@/api/models.ts";
import { ownTags, TagChips } from "@/components/TagChips.tsx";
import { formatAgo, formatTime } from "@/lib/format.ts";
import { useNow } from "@/lib/useNow.ts";
import { AliasChip } from "./AliasChip.tsx";
import styles from "./Models.module.css";

export function ModelRow({ model }: { model: Model }) {
  const now = useNow();
  const { name, aliases, latest_versions = [], tags = [] } = model;
  const latest = Math.max(0, ...latest_versions.map(({ version }) => Number(version)));
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
      <td title={changed ? formatTime(changed) : undefined}>{changed ? formatAgo(changed, now) : ""}</td>
      <td>
        <TagChips tags={ownTags(tags)} />
      </td>
    </tr>
  );
}
