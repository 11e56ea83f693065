import { useQuery } from "@tanstack/react-query";
import { columnsOf } from "@/api/experiments.ts";
import { PARENT_TAG } from "@/api/runs.ts";
import { Button, IconButton } from "@/components/Button.tsx";
import { Icon } from "@/components/Icon.tsx";
import { Menu } from "@/components/Menu.tsx";
import { Segmented } from "@/components/Segmented.tsx";
import { ColumnsMenu } from "./ColumnsMenu.tsx";
import { exportRuns } from "./exportRuns.ts";
import { FilterBox } from "./FilterBox.tsx";
import { GroupMenu } from "./GroupMenu.tsx";
import styles from "./RunsToolbar.module.css";
import { SortMenu } from "./SortMenu.tsx";
import { TimeChip } from "./TimeChip.tsx";
import type { Mode } from "./useMode.ts";
import type { RunsView } from "./useRunsView.ts";
import { type ShownRuns, TOPS, topOf } from "./useShownRuns.ts";

interface RunsToolbarProps {
  view: RunsView;
  mode: Mode;
  setMode: (mode: Mode) => void;
  shown: ShownRuns;
}

const MODES = [
  ["table", "Table"],
  ["split", "Split"],
  ["charts", "Charts"],
] as const;

export function RunsToolbar({ view, mode, setMode, shown }: RunsToolbarProps) {
  const { search, change, nested } = view;
  const known = useQuery(columnsOf(view.experimentIds)).data ?? [];
  const hasNested = known.some(({ kind, key }) => kind === "tag" && key === PARENT_TAG);
  const deleted = search.state === "deleted";
  return (
    <div className={styles.bar}>
      <div className={styles.filter}>
        <FilterBox key={view.experimentIds.join()} view={view} />
      </div>
      <TimeChip view={view} />
      {deleted && (
        <Button icon="trash" aria-pressed onClick={() => change({ state: undefined })}>
          Deleted <Icon name="close" size={14} />
          <span className="sr-only">, show active runs</span>
        </Button>
      )}
      {hasNested && (
        <Button icon="tree" compact aria-pressed={nested} onClick={() => change({ n: nested ? "0" : "1" })}>
          Nested
        </Button>
      )}
      <GroupMenu view={view} />
      <ColumnsMenu view={view} />
      <SortMenu view={view} />
      <Segmented label="Layout" value={mode} options={MODES} onChange={setMode} />
      <Menu position="bottom-end">
        <Menu.Target>
          <IconButton icon="more" label="More" style={{ height: 32 }} />
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Icon name="download" />} onClick={() => exportRuns(view, "csv")}>
            Export these runs as CSV
          </Menu.Item>
          <Menu.Item leftSection={<Icon name="download" />} onClick={() => exportRuns(view, "json")}>
            Export these runs as JSON
          </Menu.Item>
          <Menu.Item
            leftSection={<Icon name={deleted ? "chart" : "trash"} />}
            onClick={() => change({ state: deleted ? undefined : "deleted" })}
          >
            {deleted ? "Show active runs" : "Show deleted runs"}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Label>In the charts</Menu.Label>
          {TOPS.map((count) => (
            <Menu.Item
              key={count}
              rightSection={shown.first === count ? <Icon name="check" /> : null}
              onClick={() => change({ r: topOf(count) })}
            >
              The first {count} runs
              {shown.first === count && <span className="sr-only"> (chosen)</span>}
            </Menu.Item>
          ))}
          <Menu.Item onClick={() => change({ r: [] })}>No run</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
