/** Runs in groups: how many, and mean ± standard deviation of each metric column. A group opens as a filter. */
import { groupId } from "@/api/groups.ts";
import type { RunGroup } from "@/api/sweeps.ts";
import { Icon } from "@/components/Icon.tsx";
import { Failed, Skeleton } from "@/components/State.tsx";
import { runStyle } from "@/lib/colors.ts";
import { type Aggregate, type Column, columnId, columnTitle, parseColumn } from "@/lib/columns.ts";
import { emphasisOf } from "@/lib/emphasis.ts";
import { formatCount, formatNumber } from "@/lib/format.ts";
import { useTheme } from "@/lib/theme.ts";
import { GroupRuns } from "./GroupRuns.tsx";
import styles from "./GroupsTable.module.css";
import { groupFilter } from "./groupFilter.ts";
import { useGroups } from "./groupOrder.ts";
import type { RunsView } from "./useRunsView.ts";

interface GroupsTableProps {
  view: RunsView;
  by: readonly string[];
  /** Whether there are charts that the table is the legend of. */
  charts: boolean;
}

export function GroupsTable({ view, by, charts }: GroupsTableProps) {
  const theme = useTheme();
  const metrics = view.columns.filter((column) => column.kind === "metric");
  const { groups, error, refetch } = useGroups(view);
  if (error) return <Failed error={error} retry={() => refetch()} />;
  if (!groups) return <Skeleton />;
  const best = metrics.map(({ key }, at) => bestMean(groups, at, view.smaller(key)));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className={styles.scroll} aria-label="Groups of runs" tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            {by.map((id, at) =>
              at === 0 ? (
                <Head key={id} view={view} id={id} title={titleOf(id)} />
              ) : (
                <th key={id} scope="col">
                  {titleOf(id)}
                </th>
              ),
            )}
            <th scope="col" className={styles.figure}>
              Runs
            </th>
            {metrics.map((column) => (
              <Head
                key={columnId(column)}
                view={view}
                id={columnId(column)}
                title={columnTitle(column)}
                aggregate={column.aggregate}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {groups.map((group, slot) => (
            <Group
              key={JSON.stringify(group.values)}
              {...{ view, by, group, metrics, best }}
              color={charts ? runStyle(slot, theme).color : undefined}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface HeadProps {
  view: RunsView;
  id: string;
  title: string;
  /** Of a metric. */
  aggregate?: Aggregate;
}

/** Pressed it orders the groups, pressed again the other way round; of a metric the best come first. */
function Head({ view: { sort, setSort, smaller }, id, title, aggregate }: HeadProps) {
  const own = sort.id === id;
  const column = parseColumn(id);
  const first = column?.kind === "metric" && !smaller(column.key);
  return (
    <th
      scope="col"
      className={aggregate && styles.figure}
      aria-sort={own ? (sort.descending ? "descending" : "ascending") : undefined}
    >
      <button type="button" onClick={() => setSort({ id, descending: own ? !sort.descending : first })}>
        {own && <Icon name={sort.descending ? "arrowDown" : "arrowUp"} size={12} />} {title}
        {aggregate && aggregate !== "last" && <small> {aggregate}</small>}
      </button>
    </th>
  );
}

interface GroupProps {
  view: RunsView;
  by: readonly string[];
  group: RunGroup;
  metrics: readonly Column[];
  best: readonly (number | null)[];
  color: string | undefined;
}

function Group({ view, by, group: { values, runs, figures }, metrics, best, color }: GroupProps) {
  const id = groupId(values);
  const opened = view.search.og ?? [];
  const open = opened.includes(id);
  const toggle = () => {
    const after = open ? opened.filter((one) => one !== id) : [...opened, id];
    view.change({ og: after.length ? after : undefined }, true);
  };
  const name = values.map(told).join(", ");
  const showAll = () =>
    view.change({
      g: undefined,
      og: undefined,
      q: groupFilter(view.search.q ?? "", view.written, by, values),
    });
  return (
    <>
      <tr {...(color && emphasisOf(id))}>
        {values.map((value, at) =>
          at === 0 ? (
            <th key={by[at]} scope="row">
              <button
                type="button"
                className={styles.toggle}
                aria-expanded={open}
                aria-label={`${open ? "Hide" : "Show"} the runs of ${name}`}
                onClick={toggle}
              >
                <Icon name={open ? "down" : "right"} size={14} />
              </button>
              {color && <i className={styles.square} style={{ background: color }} />}
              <button type="button" title="Show these runs" onClick={showAll}>
                {told(value)}
              </button>
            </th>
          ) : (
            <td key={by[at]}>{told(value)}</td>
          ),
        )}
        <td className={styles.figure}>{formatCount(runs)}</td>
        {figures.map(({ n, mean, std, min, max }, at) => (
          <td
            key={columnId(metrics[at] as Column)}
            className={styles.figure}
            data-best={mean !== null && mean === best[at]}
            title={n ? `${n} runs, from ${min} to ${max}` : undefined}
          >
            {mean === null ? "–" : formatNumber(mean)}
            {view.search.bd === "range"
              ? min !== null &&
                max !== null &&
                n > 1 && (
                  <small>
                    {" "}
                    {formatNumber(min)}–{formatNumber(max)}
                  </small>
                )
              : std !== null && <small> ± {formatNumber(std)}</small>}
          </td>
        ))}
      </tr>
      {open && <GroupRuns {...{ view, by, values, metrics }} count={runs} onAll={showAll} />}
    </>
  );
}

const told = (value: string | null): string => value?.replaceAll("\n", ", ") ?? "–";

const titleOf = (id: string): string => {
  const column = parseColumn(id);
  return column ? columnTitle(column) : id;
};

function bestMean(groups: readonly RunGroup[], at: number, smaller: boolean): number | null {
  const means = groups.flatMap(({ figures }) => figures[at]?.mean ?? []);
  if (means.length < 2) return null;
  return smaller ? Math.min(...means) : Math.max(...means);
}
