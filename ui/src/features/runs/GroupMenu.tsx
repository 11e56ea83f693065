import { useQuery } from "@tanstack/react-query";
import { columnsOf } from "@/api/experiments.ts";
import { Button } from "@/components/Button.tsx";
import { Icon } from "@/components/Icon.tsx";
import { Menu } from "@/components/Menu.tsx";
import { DATASET } from "./groupFilter.ts";
import type { RunsView } from "./useRunsView.ts";

const MOST = 40; // columns in the menu
const MOST_GROUPS = 200; // the server counts different values up to this

const SPREADS = [
  ["Mean ± std", undefined],
  ["Mean and min–max", "range"],
] as const;

/** The params and tags that runs can be grouped by: those with more than one value, and not one a run. */
export function GroupMenu({ view }: { view: RunsView }) {
  const known = useQuery(columnsOf(view.experimentIds)).data ?? [];
  const by = view.search.g ?? [];
  const options = known
    .filter(({ kind, key }) => kind === "param" || (kind === "tag" && !key.startsWith("mlflow.")))
    .filter(({ distinct, runs }) => between(distinct ?? 0, 2, Math.min(MOST_GROUPS, Math.max(runs / 2, 2))))
    .map(({ kind, key }) => ({ id: `${kind}s.${key}`, key, kind }))
    .slice(0, MOST);
  const toggle = (id: string) => {
    const after = by.includes(id) ? by.filter((one) => one !== id) : [...by, id];
    view.change({ g: after.length ? after : undefined, og: undefined });
  };
  return (
    <Menu position="bottom-end" closeOnItemClick={false}>
      <Menu.Target>
        <Button icon="group" compact={!by.length} aria-pressed={by.length > 0}>
          Group{by.length > 0 && `: ${by.map((id) => id.replace(/^\w+\./, "")).join(", ")}`}
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={420} style={{ overflow: "auto" }}>
        {[...options, { id: DATASET, key: "Dataset", kind: "used" }].map(({ id, key, kind }) => (
          <Menu.Item
            key={id}
            rightSection={by.includes(id) ? <Icon name="check" /> : <small>{kind}</small>}
            onClick={() => toggle(id)}
          >
            {key}
            {by.includes(id) && <span className="sr-only"> (chosen)</span>}
          </Menu.Item>
        ))}
        {by.length > 0 && (
          <>
            <Menu.Divider />
            {SPREADS.map(([text, bd]) => (
              <Menu.Item
                key={text}
                rightSection={view.search.bd === bd ? <Icon name="check" /> : null}
                onClick={() => view.change({ bd })}
              >
                {text}
                {view.search.bd === bd && <span className="sr-only"> (chosen)</span>}
              </Menu.Item>
            ))}
            <Menu.Divider />
            <Menu.Item
              leftSection={<Icon name="close" />}
              onClick={() => view.change({ g: undefined, og: undefined })}
            >
              Do not group
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

const between = (count: number, least: number, most: number) => count >= least && count <= most;
