/** An address with nothing but a view's id becomes the state that the view keeps, so that all of it is in the URL. */
import { redirect } from "@tanstack/react-router";
import { ApiError } from "@/api/client.ts";
import { queryClient } from "@/api/queryClient.ts";
import { type Screen, viewById } from "@/api/views.ts";
import type { RunsSearch } from "@/features/runs/search.ts";
import type { SweepSearch } from "@/features/sweep/search.ts";
import { toast } from "@/lib/toasts.ts";
import { parseSearch } from "@/lib/urlCodec.ts";

interface Arriving {
  params: { experimentId: string };
  search: { v?: string };
  preload: boolean;
}

export function openView(screen: Screen) {
  return async ({ params, search, preload }: Arriving): Promise<void> => {
    const { v, ...rest } = search;
    if (!v || preload || Object.values(rest).some((value) => value !== undefined)) return;
    const view = await queryClient.fetchQuery(viewById(params.experimentId, v)).catch((failure: unknown) => {
      if (failure instanceof ApiError && failure.status === 404) return null;
      throw failure;
    });
    if (!view) toast("This view is gone; somebody may have deleted it.");
    else if (!view.state) return;
    const state = view ? parseSearch(view.state) : {};
    const kept = view?.name ? v : undefined;
    if ("e" in state) {
      const to = screen === "sweep" ? "/runs/sweep" : "/runs";
      throw redirect({ to, search: { ...state, v: kept } as RunsSearch & SweepSearch, replace: true });
    }
    throw redirect({
      to: screen === "sweep" ? "/experiments/$experimentId/sweep" : "/experiments/$experimentId",
      params,
      search: { ...state, v: kept },
      replace: true,
    });
  };
}
