/** What is scrolled is found as it was left: by those who go back or forward, and after a reload. */
import type { AnyRouter } from "@tanstack/react-router";

const STORE = "mlflow-scroll"; // of this tab
const MOST = 200; // entries of the history
const PATIENCE = 2000; // milliseconds in which what is scrolled may grow as high as it was

/** By element: its class, and which of those with this class it is. */
type Places = Record<string, [left: number, top: number]>;

export function keepScroll(router: AnyRouter): void {
  const kept = new Map<string, Places>(read());
  let entry: string | null = null; // of the history, on screen; null while another is on its way
  let before: Places = {};
  let awaited = new Set<string>(); // what is not yet where it was
  const note = (name: string, { scrollLeft, scrollTop }: Element) => {
    if (entry === null || awaited.has(name)) return;
    before = { ...kept.get(entry), [name]: [scrollLeft, scrollTop] };
    kept.delete(entry); // the latest stand last
    kept.set(entry, before);
    if (kept.size > MOST) kept.delete(kept.keys().next().value as string);
  };
  const restore = (places: Places) => {
    const until = performance.now() + PATIENCE;
    const mine = new Set(Object.keys(places));
    awaited = mine;
    const attempt = () => {
      if (awaited !== mine) return;
      for (const name of mine) {
        const element = elementOf(name);
        const [left, top] = places[name] ?? [0, 0];
        element?.scrollTo(left, top);
        if (element && Math.abs(element.scrollTop - top) < 2) mine.delete(name);
      }
      if (performance.now() > until) mine.clear();
      if (mine.size) requestAnimationFrame(attempt);
    };
    attempt();
  };
  const onScroll = ({ target }: Event) => {
    if (target instanceof HTMLElement && target.closest("#main")) note(nameOf(target), target);
  };
  document.addEventListener("scroll", onScroll, true);
  for (const kind of ["wheel", "touchmove", "keydown", "pointerdown"])
    document.addEventListener(kind, () => awaited.clear(), { capture: true, passive: true });
  router.history.subscribe(() => {
    entry = null;
    awaited = new Set();
  });
  router.subscribe("onRendered", ({ toLocation }) => {
    entry = toLocation.state.__TSR_key ?? null;
    const places = entry === null ? undefined : kept.get(entry);
    if (places) return restore(places);
    for (const name of Object.keys(before)) {
      const element = elementOf(name); // it stayed, only its address is another
      if (element) note(name, element);
    }
  });
  window.addEventListener("pagehide", () => write([...kept]));
}

const nameOf = (element: HTMLElement): string => {
  const [name = ""] = element.classList;
  return `${[...document.getElementsByClassName(name)].indexOf(element)} ${name}`;
};

function elementOf(name: string): Element | undefined {
  const [index, ...classes] = name.split(" ");
  return document.getElementsByClassName(classes.join(" "))[Number(index)];
}

function read(): [string, Places][] {
  try {
    return JSON.parse(sessionStorage.getItem(STORE) ?? "[]") as [string, Places][];
  } catch {
    return []; // storage is forbidden, or of another making
  }
}

function write(entries: [string, Places][]): void {
  try {
    sessionStorage.setItem(STORE, JSON.stringify(entries));
  } catch {
    // storage is forbidden, or full
  }
}
