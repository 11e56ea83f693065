/** Holds the budgets of bytes: what each screen makes a browser load, gzipped. Fails when one is exceeded. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

interface Chunk {
  file: string;
  isDynamicEntry?: boolean;
  name?: string;
  imports?: string[];
  dynamicImports?: string[];
  css?: string[];
}

interface Load {
  js: number;
  css: number;
}

const FOLDER = join(import.meta.dirname, "../../src/mlflow/server/ui");
const KB = 1024;

const manifest = JSON.parse(readFileSync(join(FOLDER, ".vite/manifest.json"), "utf8")) as Record<
  string,
  Chunk
>;

/** The key of a chunk that vite.config.ts puts together. */
function named(name: string): string {
  const found = Object.keys(manifest).find((key) => manifest[key]?.name === name);
  if (!found) throw new Error(`the build has no chunk named ${name}`);
  return found;
}

/** What each route adds to the page's first load: [its module, most KB of scripts in addition]. */
const RUN = "src/features/run/RunPage.tsx";
const ROUTES: Record<string, [modules: string[], limit: number]> = {
  experiments: [["src/features/experiments/ExperimentsPage.tsx"], 60],
  "runs, table": [[], 60],
  "runs, charts": [[named("charts")], 60],
  "runs, ticked": [["src/features/runs/BulkBar.tsx"], 60],
  "runs of several": [["src/features/runs/SeveralRunsPage.tsx"], 60],
  trash: [["src/features/trash/TrashPage.tsx"], 60],
  settings: [["src/features/settings/SettingsPage.tsx"], 60],
  sweep: [["src/features/sweep/SweepPage.tsx"], 60],
  models: [["src/features/models/ModelsPage.tsx"], 60],
  model: [["src/features/models/ModelPage.tsx"], 60],
  "model, version": [["src/features/models/VersionPage.tsx"], 60],
  "version, files": [["src/features/models/VersionPage.tsx", "src/features/models/VersionFiles.tsx"], 60],
  "logged models": [["src/features/loggedModels/LoggedModelsPage.tsx"], 60],
  "logged model": [
    ["src/features/loggedModels/LoggedModelPage.tsx", "src/features/loggedModels/LoggedModelOverview.tsx"],
    60,
  ],
  datasets: [["src/features/datasets/DatasetsPage.tsx"], 60],
  "experiment, images": [["src/features/images/ExperimentImages.tsx"], 60],
  "experiment, notes": [["src/features/notes/NotesPage.tsx"], 60],
  webhooks: [["src/features/webhooks/WebhooksPage.tsx"], 60],
  "compare, all": [["src/features/compare/ComparePage.tsx", "src/features/compare/CompareCharts.tsx"], 60],
  "viewer of changes": [["src/components/code/MergeView.tsx"], 160],
  "run, overview": [[RUN, "src/features/run/Overview.tsx"], 60],
  "run, charts": [[RUN, "src/features/run/RunCharts.tsx"], 60],
  "run, system": [[RUN, "src/features/run/RunSystem.tsx"], 60],
  "run, images": [[RUN, "src/features/images/ImagesPage.tsx"], 60],
  "run, logs": [[RUN, "src/features/logs/LogsPage.tsx"], 60],
  "run, code": [[RUN, "src/features/code/CodePage.tsx"], 60],
  "run, artifacts": [[RUN, "src/features/artifacts/ArtifactsPage.tsx"], 60],
  "viewer of code": [["src/components/code/CodeView.tsx"], 160],
  "viewer of notebooks": [["src/components/files/NotebookFile.tsx"], 60],
  "viewer of maps": [["src/components/files/MapFile.tsx"], 60],
  "viewer of Markdown": [["src/components/MarkdownView.tsx"], 60],
};
const FIRST_LOAD = { route: "runs, table", js: 230 * KB, css: 25 * KB };
const LATER = 60 * KB;
const FONTS = 60 * KB;

function closure(modules: string[], seen = new Set<string>()): Set<string> {
  for (const module of modules) {
    if (seen.has(module)) continue;
    const chunk = manifest[module];
    if (!chunk) throw new Error(`the build has no module ${module}`);
    seen.add(module);
    closure(chunk.imports ?? [], seen);
  }
  return seen;
}

const bytes = (file: string): number => gzipSync(readFileSync(join(FOLDER, file)), { level: 9 }).length;

function load(modules: Iterable<string>): Load {
  const chunks = [...modules].map((module) => manifest[module] as Chunk);
  const sheets = [manifest["style.css"]?.file ?? []].flat();
  const sum = (files: string[]) => [...new Set(files)].reduce((total, file) => total + bytes(file), 0);
  return {
    js: sum(chunks.map((chunk) => chunk.file)),
    css: sum([...sheets, ...chunks.flatMap((chunk) => chunk.css ?? [])]),
  };
}

const kb = (size: number): string => `${(size / KB).toFixed(1)} KB`.padStart(9);
const faults: string[] = [];

function hold(what: string, size: number, limit: number): void {
  if (size > limit) faults.push(`${what}: ${kb(size).trim()}, the budget is ${kb(limit).trim()}`);
}

const shell = closure([named("base")]);
console.log(
  `${"gzipped".padEnd(20)}${"scripts".padStart(9)}${"styles".padStart(10)}${"in addition".padStart(13)}`,
);
for (const [name, [modules, limit]] of Object.entries(ROUTES)) {
  const all = closure(modules, new Set(shell));
  const total = load(all);
  const added = load([...all].filter((module) => !shell.has(module)));
  console.log(`${name.padEnd(20)}${kb(total.js)} ${kb(total.css)} ${kb(added.js).padStart(12)}`);
  hold(`${name}, scripts in addition to the shell`, added.js, limit * KB);
  if (name === FIRST_LOAD.route) hold("first load, scripts", total.js, FIRST_LOAD.js);
  hold(`${name}, styles`, total.css, FIRST_LOAD.css);
}
const judged = new Set(Object.values(ROUTES).flatMap(([modules]) => modules));
for (const [key, { isDynamicEntry }] of Object.entries(manifest)) {
  if (!isDynamicEntry || judged.has(key)) continue; // what a screen loads later, too
  const added = load([...closure([key], new Set(shell))].filter((module) => !shell.has(module)));
  hold(`${key}, scripts in addition to the shell`, added.js, LATER);
}
const fonts = Object.values(manifest)
  .map(({ file }) => file)
  .filter((file) => file.endsWith(".woff2"));
hold(
  "fonts",
  [...new Set(fonts)].reduce((total, file) => total + readFileSync(join(FOLDER, file)).length, 0),
  FONTS,
);
if (faults.length) {
  console.error(faults.join("\n"));
  process.exit(1);
}
