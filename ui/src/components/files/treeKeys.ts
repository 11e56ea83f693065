/** Arrow keys among the entries of a tree of files, and the file before or after the chosen one. */
import type { KeyboardEvent } from "react";

const entriesOf = (tree: Element): HTMLButtonElement[] => [
  ...tree.querySelectorAll<HTMLButtonElement>("button[data-entry]"),
];

/** Up and down go to the next entry, right opens a folder, left closes it or goes to the folder around. */
export function moveInTree(event: KeyboardEvent<HTMLElement>): void {
  const entries = entriesOf(event.currentTarget);
  const at = entries.indexOf(document.activeElement as HTMLButtonElement);
  const entry = entries[at];
  if (!entry) {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    entries[0]?.focus();
    return;
  }
  const open = entry.getAttribute("aria-expanded");
  const go = (to: number) => entries[Math.max(0, Math.min(entries.length - 1, to))]?.focus();
  const actions = new Map([
    ["ArrowDown", () => go(at + 1)],
    ["ArrowUp", () => go(at - 1)],
    ["Home", () => go(0)],
    ["End", () => go(entries.length - 1)],
    ["ArrowRight", () => (open === "false" ? entry.click() : open === "true" && go(at + 1))],
    ["ArrowLeft", () => (open === "true" ? entry.click() : go(folderOf(entries, at)))],
  ]);
  const action = actions.get(event.key);
  if (!action) return;
  event.preventDefault();
  action();
}

function folderOf(entries: readonly HTMLButtonElement[], at: number): number {
  const path = entries[at]?.dataset.entry ?? "";
  const folder = entries.findIndex(({ dataset: { entry = "" } }) => path.startsWith(`${entry}/`));
  const inner = entries.findLastIndex(({ dataset: { entry = "" } }) => path.startsWith(`${entry}/`));
  return folder < 0 ? at : inner;
}

/** Shows the file that stands by so many places after the chosen one, among those that are listed. */
export function stepFile(tree: Element | null, chosen: string, by: number): void {
  if (!tree) return;
  const files = entriesOf(tree).filter((entry) => !entry.hasAttribute("aria-expanded"));
  const at = files.findIndex(({ dataset }) => dataset.entry === chosen);
  files[at < 0 ? 0 : at + by]?.click();
}
