/** What can be done with the ticked experiments. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { deleteExperiment, experimentKeys, restoreExperiment } from "@/api/experiments.ts";
import { Button } from "@/components/Button.tsx";
import { SelectionBar } from "@/components/SelectionBar.tsx";
import { plural } from "@/lib/format.ts";
import { useShortcuts } from "@/lib/shortcuts.ts";
import { toast, toastFailure } from "@/lib/toasts.ts";

interface SelectedExperimentsProps {
  ids: readonly string[];
  clear: () => void;
  deleted: boolean;
}

export function SelectedExperiments({ ids, clear, deleted }: SelectedExperimentsProps) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const compare = () => ids.length > 0 && void navigate({ to: "/runs", search: { e: [...ids] } });
  useShortcuts({ Escape: clear, ...(deleted ? {} : { c: compare }) });
  const edit = useMutation({
    mutationFn: async ({ call, of }: Edit) => {
      for (const id of of) await call(id); // one after the other, so that a refusal says which
    },
    onSuccess: (_, { of, done, undo }) => {
      toast(`${plural(of.length, "experiment")} ${done}.`, undo && { label: "Undo", run: undo });
      clear();
    },
    onError: toastFailure,
    onSettled: () => queries.invalidateQueries({ queryKey: experimentKeys.all }),
  });
  const restore = () => edit.mutate({ call: restoreExperiment, of: ids, done: "restored" });
  const remove = () => edit.mutate({ call: deleteExperiment, of: ids, done: "in the trash", undo: restore });
  if (ids.length === 0) return null;
  return (
    <SelectionBar label="Selected experiments" count={plural(ids.length, "experiment")} onClear={clear}>
      {deleted ? (
        <Button icon="restore" onClick={restore}>
          Restore
        </Button>
      ) : (
        <>
          <Button look="primary" icon="layers" title="Their runs in one table (c)" onClick={compare}>
            Show runs together
          </Button>
          <Button icon="trash" onClick={remove}>
            Delete
          </Button>
        </>
      )}
    </SelectionBar>
  );
}

interface Edit {
  call: (id: string) => Promise<unknown>;
  of: readonly string[];
  done: string;
  undo?: () => void;
}
