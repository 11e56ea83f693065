import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { createExperiment, type ExperimentQuery, experimentKeys } from "@/api/experiments.ts";
import { Button } from "@/components/Button.tsx";
import { NameDialog } from "@/components/Dialog.tsx";
import { Field } from "@/components/Field.tsx";
import { Header } from "@/components/Header.tsx";
import page from "@/components/Page.module.css";
import { Segmented } from "@/components/Segmented.tsx";
import { Failed, Fault, Skeleton } from "@/components/State.tsx";
import { quoteKey } from "@/lib/columns.ts";
import { quoteText, toFilter } from "@/lib/filter.ts";
import { plural } from "@/lib/format.ts";
import { useAnnounced } from "@/lib/useAnnounced.ts";
import { useSettled } from "@/lib/useSettled.ts";
import { ExperimentList } from "./ExperimentList.tsx";
import styles from "./ExperimentsPage.module.css";
import { FirstVisit } from "./FirstVisit.tsx";
import { NoExperiments } from "./NoExperiments.tsx";
import { SelectedExperiments } from "./SelectedExperiments.tsx";
import { DEFAULT_SORT } from "./search.ts";
import { useExperimentEvents } from "./useExperimentEvents.ts";
import { useExperimentRows } from "./useExperimentRows.ts";

const route = getRouteApi("/experiments");

const SORTS = [
  ["-last_run_time", "Latest"],
  ["name", "Name"],
  ["-creation_time", "Newest"],
] as const;

export function ExperimentsPage() {
  const { q = "", s = DEFAULT_SORT, state } = route.useSearch();
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const [creating, setCreating] = useState(false);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const rows = useExperimentRows(useQueryOf(q, s, state === "deleted"));
  const { list, experiments } = rows;
  useExperimentEvents(experiments);
  const toggle = (id: string) => setTicked((before) => toggled(before, id));
  const chosen = experiments.map(({ experiment_id }) => experiment_id).filter((id) => ticked.has(id));
  const told = list.data
    ? `${plural(experiments.length, "experiment")}${list.hasNextPage ? " and more" : ""}`
    : "";
  useAnnounced("experiments", told || undefined, `${q} ${s} ${state}`);
  return (
    <>
      <Header
        title="Experiments"
        aside={
          <Button look="primary" icon="plus" onClick={() => setCreating(true)}>
            New experiment
          </Button>
        }
      />
      <div className={styles.bar}>
        <Field
          label="Search experiments"
          icon="search"
          shortcut="/"
          type="search"
          placeholder="Name or tag contains…, or a filter such as tags.team = 'vision'"
          value={q}
          onChange={(event) => {
            const text = event.target.value;
            navigate({ search: (before) => ({ ...before, q: text || undefined }), replace: true });
          }}
        />
        <Segmented
          label="Order"
          value={s}
          options={SORTS}
          onChange={(value) =>
            navigate({ search: (before) => ({ ...before, s: value === DEFAULT_SORT ? undefined : value }) })
          }
        />
        <Segmented
          label="State"
          value={state ?? "active"}
          options={[
            ["active", "Active"],
            ["deleted", "Trash"],
          ]}
          onChange={(value) =>
            navigate({ search: (before) => ({ ...before, state: value === "deleted" ? value : undefined }) })
          }
        />
      </div>
      {rows.isPending ? (
        <Skeleton />
      ) : list.isError && !list.data ? (
        <Failed error={list.error} retry={() => list.refetch()} />
      ) : experiments.length === 0 ? (
        <NoExperiments
          searching={q !== ""}
          deleted={state === "deleted"}
          clear={() => navigate({ search: {} })}
        />
      ) : (
        <ExperimentList
          experiments={experiments}
          activity={rows.activity}
          ticked={ticked}
          toggle={toggle}
          onTag={(key, value) => {
            const filter = `tags.${quoteKey(key)} = ${quoteText(value)}`;
            void navigate({ search: (before) => ({ ...before, q: filter }) });
          }}
          readMore={() => list.hasNextPage && !list.isFetching && !list.isError && list.fetchNextPage()}
        />
      )}
      {!q && !state && <FirstVisit experiments={experiments} refetch={list.refetch} />}
      {list.isError && list.data && (
        <Fault>
          {list.error.message} <Button onClick={() => list.refetch()}>Retry</Button>
        </Fault>
      )}
      <SelectedExperiments ids={chosen} clear={() => setTicked(new Set())} deleted={state === "deleted"} />
      <p className={page.foot}>{told}</p>
      {creating && (
        <NameDialog
          title="New experiment"
          label="Name"
          action="Create"
          onClose={() => setCreating(false)}
          submit={async (name) => {
            const experimentId = await createExperiment(name);
            void queries.invalidateQueries({ queryKey: experimentKeys.all });
            await navigate({ to: "/experiments/$experimentId", params: { experimentId }, search: {} });
          }}
        />
      )}
    </>
  );
}

function toggled(before: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const ids = new Set(before);
  if (!ids.delete(id)) ids.add(id);
  return ids;
}

function useQueryOf(q: string, sort: string, deleted: boolean): ExperimentQuery {
  const settled = useSettled(q, 200);
  return {
    filter: toFilter(settled, "name", "any_tag"),
    orderBy: sort.startsWith("-") ? `${sort.slice(1)} DESC` : `${sort} ASC`,
    view: deleted ? "DELETED_ONLY" : "ACTIVE_ONLY",
  };
}
