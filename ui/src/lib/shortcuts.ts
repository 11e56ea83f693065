/** Keyboard shortcuts: single keys and sequences of two, off while somebody types. */
import { useEffect, useLayoutEffect, useRef } from "react";

import { useSettings } from "./settings.ts";

export type Shortcuts = Record<string, (event: KeyboardEvent) => void>;

const SEQUENCE = 1000; // milliseconds between the two keys of a sequence

/** Binds keys (`x`, `Shift+x`, `mod+k`, `g e`) while the component is there; `last` where nobody else has bound them. */
export function useShortcuts(shortcuts: Shortcuts, last = false): void {
  const latest = useRef(shortcuts);
  useLayoutEffect(() => {
    latest.current = shortcuts;
  });
  useEffect(() => {
    let before = { key: "", at: 0 };
    const onKey = (event: KeyboardEvent) => {
      const key = nameOf(event);
      const always = key.startsWith("mod+");
      if (event.defaultPrevented || (!always && (isTyping(event.target) || !useSettings.getState().keys)))
        return;
      if (key === "Enter" && isPressed(event.target)) return;
      const sequence = event.timeStamp - before.at < SEQUENCE ? `${before.key} ${key}` : "";
      before = { key, at: event.timeStamp };
      const action = latest.current[sequence] ?? latest.current[key];
      if (!action) return;
      event.preventDefault();
      action(event);
    };
    const place = last ? window : document; // where events come later
    place.addEventListener("keydown", onKey as EventListener);
    return () => place.removeEventListener("keydown", onKey as EventListener);
  }, [last]);
}

export function nameOf(
  event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">,
): string {
  if (event.altKey) return "";
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.ctrlKey || event.metaKey) return `mod+${key}`;
  return event.shiftKey && /^[a-z]$/.test(key) ? `Shift+${key}` : key;
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest('[role="dialog"], [role="menu"]')) return true;
  return target.matches('textarea, select, input:not([type="checkbox"], [type="radio"], [type="range"])');
}

/** Whether Enter means something to what has the focus. */
const isPressed = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.closest('a, button, input, summary, label, [tabindex="0"]') !== null;
