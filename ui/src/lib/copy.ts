import { toast } from "./toasts.ts";

/** Puts a text on the clipboard and says so; `what` names it. */
export async function copyText(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(`${what} copied.`);
  } catch {
    toast("This page may not write to the clipboard; it needs HTTPS or localhost.");
  }
}
