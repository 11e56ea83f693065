/** What somebody types while the box that it is meant for is still on its way. */

let text = "";
let stop: (() => void) | null = null;

/** Keeps what is typed from now on away from the page; Escape gives up. */
export function collectTyped(giveUp: () => void): void {
  endTyped();
  text = "";
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      endTyped();
      giveUp();
    } else if (event.key === "Backspace") text = text.slice(0, -1);
    else if (event.key.length === 1) text += event.key;
    else if (event.key !== "Enter") return;
    event.preventDefault();
    event.stopPropagation();
  };
  window.addEventListener("keydown", onKey, true);
  stop = () => window.removeEventListener("keydown", onKey, true);
}

/** Ends that: what was typed, or null where nothing was being kept. */
export function endTyped(): string | null {
  if (!stop) return null;
  stop();
  stop = null;
  return text;
}
