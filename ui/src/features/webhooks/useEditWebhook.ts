import { useMutation, useQueryClient } from "@tanstack/react-query";
import { webhookKeys } from "@/api/webhooks.ts";
import { toast, toastFailure } from "@/lib/toasts.ts";

interface Edit {
  call: () => Promise<unknown>;
  done: string;
}

/** Runs a change of webhooks, says how it went, and reads what is shown anew. */
export function useEditWebhook(): (edit: Edit) => void {
  const queries = useQueryClient();
  const { mutate } = useMutation({
    mutationFn: ({ call }: Edit) => call(),
    onSuccess: (_, { done }) => toast(done),
    onError: toastFailure,
    onSettled: () => queries.invalidateQueries({ queryKey: webhookKeys.all }),
  });
  return mutate;
}
