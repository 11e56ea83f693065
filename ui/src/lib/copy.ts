import { toast } from "./toasts.ts";

/** Puts a text on the clipboard and says so; `what` names it. */
export async function copyText(text: string, what: string): Promise<void> {
  try {
    await (navigator.clipboard ? navigator.clipboard.writeText(text) : copyChosen(text));
    toast(`${what} copied.`);
  } catch {
    toast("This page may not write to the clipboard; it needs HTTPS or localhost.");
  }
}

/** The way for pages over plain HTTP, which browsers keep from the clipboard's own interface. */
async function copyChosen(text: string): Promise<void> {
  const focused = document.activeElement;
  const box = Object.assign(document.createElement("textarea"), { value: text, readOnly: true });
  box.style.cssText = "position: fixed; opacity: 0";
  document.body.append(box);
  box.focus();
  box.select();
  const done = document.execCommand("copy");
  box.remove();
  if (focused instanceof HTMLElement) focused.focus();
  if (!done) throw new Error("refused");
}
