/** In which file of the build a module goes: many small ones cost the first screen more than they save the others. */
import { resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "..");
const FIRST = ["src/main.tsx", "src/features/runs/RunsPage.tsx"].map((file) => resolve(ROOT, file));
/** Reached from the first screen only because @mantine/core offers all it has from one file. */
const DIALOGS = /components\/Modal|react-remove-scroll|use-sidecar|src\/components\/Dialog/;
/** Small things that most of the other screens share. */
const PARTS =
  /src\/components\/(?:Card|Chips|Choice\.|Code\.|ColorChoice|Commit|Description|LongChoice|Markdown\.|More|NameField|Page|PickList|RunLink|SelectionBar|Snippet|TagChips|useAddress)|src\/lib\/(?:bars|bytes|datasetId|loadingCode|markdown|repository|token|use)/;
const CHARTS = /uplot|src\/charts\/|features\/runs\/(?:RunsCharts|Add|add|Differences)/;

interface Graph {
  getModuleInfo: (id: string) => { importedIds: readonly string[] } | null;
}

let first: Set<string> | null = null;

export function chunkOf(id: string, graph: Graph): string | null {
  first ??= reached(FIRST, graph);
  if (DIALOGS.test(id)) return "dialogs";
  if (first.has(id)) return "base";
  if (CHARTS.test(id)) return "charts";
  return PARTS.test(id) ? "parts" : null;
}

/** All that is imported from some files on, but for what is imported when it is needed. */
function reached(ids: readonly string[], graph: Graph): Set<string> {
  const found = new Set<string>();
  const open = [...ids];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    open.push(...(graph.getModuleInfo(id)?.importedIds ?? []));
  }
  return found;
}
