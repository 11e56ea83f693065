/** What can be done with the ticked models. */
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import button from "@/components/Button.module.css";
import { Button } from "@/components/Button.tsx";
import { useSelection } from "@/components/grid/selection.ts";
import { RegisterDialog } from "@/components/RegisterDialog.tsx";
import { SelectionBar } from "@/components/SelectionBar.tsx";
import { plural } from "@/lib/format.ts";
import { toast } from "@/lib/toasts.ts";
import { MOST_COMPARED } from "./ModelsCompare.tsx";
import type { LoggedModelsView } from "./useLoggedModels.ts";

/** Lays the ticked models side by side, where there are at least two. */
export function compareTicked(view: LoggedModelsView): void {
  const ids = [...useSelection.getState().ids];
  if (ids.length < 2) return;
  if (ids.length > MOST_COMPARED)
    toast(`The first ${MOST_COMPARED} of ${plural(ids.length, "model")} are compared.`);
  view.change({ v: ids.slice(0, MOST_COMPARED) });
}

export function ChosenBar({ view }: { view: LoggedModelsView }) {
  const { ids, clear } = useSelection();
  const [registering, setRegistering] = useState(false);
  const own = view.rows.loaded.filter(({ id }) => ids.has(id));
  const runs = [...new Set(own.flatMap(({ runId }) => runId || []))];
  const [one] = own;
  return (
    <SelectionBar label="Selected models" count={plural(ids.size, "model")} onClear={clear}>
      <Button look="primary" disabled={ids.size < 2} title="Compare (c)" onClick={() => compareTicked(view)}>
        Compare
      </Button>
      {runs.length > 1 && (
        <Link className={button.button} to="/compare" search={{ r: runs }}>
          Compare their runs
        </Link>
      )}
      {one && ids.size === 1 && (
        <Button icon="box" disabled={one.status !== "READY"} onClick={() => setRegistering(true)}>
          Register
        </Button>
      )}
      {one && registering && (
        <RegisterDialog
          source={{
            source: `models:/${one.id}`,
            model_id: one.id,
            ...(one.runId ? { run_id: one.runId } : {}),
          }}
          onClose={() => setRegistering(false)}
        />
      )}
    </SelectionBar>
  );
}
