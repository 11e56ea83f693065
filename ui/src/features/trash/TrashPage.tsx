/** What was deleted and can still be brought back, over all experiments. */
import { getRouteApi } from "@tanstack/react-router";
import { Field } from "@/components/Field.tsx";
import { Header } from "@/components/Header.tsx";
import { Segmented } from "@/components/Segmented.tsx";
import { useSettled } from "@/lib/useSettled.ts";
import { TrashedExperiments } from "./TrashedExperiments.tsx";
import { TrashedRuns } from "./TrashedRuns.tsx";
import styles from "./TrashPage.module.css";

const route = getRouteApi("/trash");

export function TrashPage() {
  const { q = "", kind } = route.useSearch();
  const navigate = route.useNavigate();
  const text = useSettled(q, 200);
  return (
    <>
      <Header title="Trash" />
      <p className={styles.told}>
        Restoring brings a run or an experiment back with all it logged, its files too. Nothing leaves the
        trash by itself: <code>mlflow gc</code> on the server deletes it for good, and then it cannot be
        brought back.
      </p>
      <div className={styles.bar}>
        <Segmented
          label="What was deleted"
          value={kind ?? "runs"}
          options={[
            ["runs", "Runs"],
            ["experiments", "Experiments"],
          ]}
          onChange={(value) =>
            navigate({
              search: (before) => ({ ...before, kind: value === "experiments" ? value : undefined }),
            })
          }
        />
        <Field
          label="Search the trash"
          icon="search"
          shortcut="/"
          type="search"
          placeholder="Name contains…"
          value={q}
          onChange={(event) => {
            const typed = event.target.value;
            navigate({ search: (before) => ({ ...before, q: typed || undefined }), replace: true });
          }}
        />
      </div>
      {kind === "experiments" ? <TrashedExperiments text={text} /> : <TrashedRuns text={text} />}
    </>
  );
}
