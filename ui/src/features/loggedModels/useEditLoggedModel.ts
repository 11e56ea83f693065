import { useMutation, useQueryClient } from "@tanstack/react-query";
import { loggedModelKeys } from "@/api/loggedModels.ts";
import { toast, toastFailure } from "@/lib/toasts.ts";

interface Edit {
  call: () => Promise<unknown>;
  done?: string;
}

/** Runs a change of a logged model, says how it went, and reads what is shown anew. */
export function useEditLoggedModel(): (edit: Edit) => void {
  const queries = useQueryClient();
  const { mutate } = useMutation({
    mutationFn: ({ call }: Edit) => call(),
    onSuccess: (_, { done }) => done && toast(done),
    onError: toastFailure,
    onSettled: () => queries.invalidateQueries({ queryKey: loggedModelKeys.all }),
  });
  return mutate;
}
