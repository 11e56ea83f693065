import { createView, type Screen } from "@/api/views.ts";
import { copyText } from "@/lib/copy.ts";
import { addressOf, placeOf } from "@/lib/viewState.ts";

const LONGEST = 2000; // characters of an address that chat programs and mail leave whole

interface Shared {
  /** Where short links and views are kept; without one a link is as long as it is. */
  experimentId: string | undefined;
  screen: Screen;
  /** Where the screen is, and what it shows there. */
  place: string;
  state: string;
  /** The view that it is, unchanged. */
  viewId?: string;
}

/** Copies a link to a state: to its view where it is one, as it stands where that is short, else kept on the server. */
export async function shareLink({ experimentId, screen, place, state, viewId }: Shared): Promise<void> {
  const link = (from: string, query: string) =>
    `${window.location.href.split("#")[0]}${addressOf(from, query)}`;
  const kept = (id: string) => link(placeOf(experimentId ?? "", screen), `v=${id}`);
  const whole = viewId ? kept(viewId) : link(place, state);
  if (whole.length <= LONGEST || experimentId === undefined) return copyText(whole, "Link");
  try {
    const { view_id } = await createView(experimentId, screen, state);
    await copyText(kept(view_id), "Short link");
  } catch {
    await copyText(whole, "Link"); // who may only read keeps the long one
  }
}
