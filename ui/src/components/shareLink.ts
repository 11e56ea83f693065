import { createView, type Screen } from "@/api/views.ts";
import { copyText } from "@/lib/copy.ts";
import { addressOf } from "@/lib/viewState.ts";

const LONGEST = 2000; // characters of an address that chat programs and mail leave whole

/** Copies a link to a state: to its view where it is one, as it stands where that is short, else kept on the server. */
export async function shareLink(
  experimentId: string,
  screen: Screen,
  state: string,
  viewId?: string,
): Promise<void> {
  const link = (query: string) =>
    `${window.location.href.split("#")[0]}${addressOf(experimentId, screen, query)}`;
  const whole = link(viewId ? `v=${viewId}` : state);
  if (whole.length <= LONGEST) return copyText(whole, "Link");
  try {
    const kept = await createView(experimentId, screen, state);
    await copyText(link(`v=${kept.view_id}`), "Short link");
  } catch {
    await copyText(whole, "Link"); // who may only read keeps the long one
  }
}
