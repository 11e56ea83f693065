import { type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query";
import { toast, toastFailure } from "./toasts.ts";

interface Edit {
  call: () => Promise<unknown>;
  /** Said once it is done. */
  done?: string;
  undo?: () => void;
}

/** Runs changes, says how each went, and has all that is known below the keys read anew. */
export function useEdit(...keys: QueryKey[]): (edit: Edit) => void {
  const queries = useQueryClient();
  const { mutate } = useMutation({
    mutationFn: ({ call }: Edit) => call(),
    onSuccess: (_, { done, undo }) => done && toast(done, undo && { label: "Undo", run: undo }),
    onError: toastFailure,
    onSettled: () => Promise.all(keys.map((queryKey) => queries.invalidateQueries({ queryKey }))),
  });
  return mutate;
}
