/** Every screen has an address below `#`, as in MLflow, so one page serves all and any proxy passes it on. */
import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  redirect,
} from "@tanstack/react-router";
import { compareSearch } from "@/features/compare/search.ts";
import { datasetsSearch } from "@/features/datasets/search.ts";
import { experimentsSearch } from "@/features/experiments/search.ts";
import { imagesSearch } from "@/features/images/search.ts";
import { loggedModelSearch, loggedModelsSearch } from "@/features/loggedModels/search.ts";
import { modelSearch, modelsSearch, versionSearch } from "@/features/models/search.ts";
import { runSearch } from "@/features/run/search.ts";
import { openExperiment } from "@/features/runs/opening.ts";
import { RunsPage } from "@/features/runs/RunsPage.tsx";
import { runsSearch } from "@/features/runs/search.ts";
import { sweepSearch } from "@/features/sweep/search.ts";
import { trashSearch } from "@/features/trash/search.ts";
import { webhooksSearch } from "@/features/webhooks/search.ts";
import { parseSearch, stringifySearch } from "@/lib/urlCodec.ts";
import { NotFound } from "./NotFound.tsx";
import { openView } from "./openView.ts";
import { Problem } from "./Problem.tsx";
import { Shell } from "./Shell.tsx";
import { screen } from "./screen.ts";

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound, errorComponent: Problem });

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/experiments", search: {} });
  },
});

const experiments = createRoute({
  getParentRoute: () => root,
  path: "/experiments",
  validateSearch: experimentsSearch,
  component: screen(() => import("@/features/experiments/ExperimentsPage.tsx"), "ExperimentsPage"),
});

const runs = createRoute({
  getParentRoute: () => root,
  path: "/experiments/$experimentId",
  validateSearch: runsSearch,
  beforeLoad: (arriving) => {
    openExperiment(arriving);
    return openView("runs")(arriving);
  },
  component: RunsPage,
});

const severalRuns = createRoute({
  getParentRoute: () => root,
  path: "/runs",
  validateSearch: runsSearch,
  component: screen(() => import("@/features/runs/SeveralRunsPage.tsx"), "SeveralRunsPage"),
});

const sweep = createRoute({
  getParentRoute: () => root,
  path: "/experiments/$experimentId/sweep",
  validateSearch: sweepSearch,
  beforeLoad: openView("sweep"),
  component: screen(() => import("@/features/sweep/SweepPage.tsx"), "SweepPage"),
});

const severalSweep = createRoute({
  getParentRoute: () => root,
  path: "/runs/sweep",
  validateSearch: sweepSearch,
  component: screen(() => import("@/features/sweep/SeveralSweepPage.tsx"), "SeveralSweepPage"),
});

const loggedModels = createRoute({
  getParentRoute: () => root,
  path: "/experiments/$experimentId/models",
  validateSearch: loggedModelsSearch,
  component: screen(() => import("@/features/loggedModels/LoggedModelsPage.tsx"), "LoggedModelsPage"),
});

const loggedModel = createRoute({
  getParentRoute: () => root,
  path: "/experiments/$experimentId/models/$modelId",
  validateSearch: loggedModelSearch,
  component: screen(() => import("@/features/loggedModels/LoggedModelPage.tsx"), "LoggedModelPage"),
});

const loggedModelOverview = createRoute({
  getParentRoute: () => loggedModel,
  path: "/",
  component: screen(() => import("@/features/loggedModels/LoggedModelOverview.tsx"), "LoggedModelOverview"),
});

const loggedModelArtifacts = createRoute({
  getParentRoute: () => loggedModel,
  path: "/artifacts/$",
  component: screen(() => import("@/features/loggedModels/LoggedModelArtifacts.tsx"), "LoggedModelArtifacts"),
});

const datasets = createRoute({
  getParentRoute: () => root,
  path: "/experiments/$experimentId/datasets",
  validateSearch: datasetsSearch,
  component: screen(() => import("@/features/datasets/DatasetsPage.tsx"), "DatasetsPage"),
});

const experimentImages = createRoute({
  getParentRoute: () => root,
  path: "/experiments/$experimentId/images",
  validateSearch: imagesSearch,
  component: screen(() => import("@/features/images/ExperimentImages.tsx"), "ExperimentImages"),
});

const notes = createRoute({
  getParentRoute: () => root,
  path: "/experiments/$experimentId/notes",
  component: screen(() => import("@/features/notes/NotesPage.tsx"), "NotesPage"),
});

const compare = createRoute({
  getParentRoute: () => root,
  path: "/compare",
  validateSearch: compareSearch,
  component: screen(() => import("@/features/compare/ComparePage.tsx"), "ComparePage"),
});

const models = createRoute({
  getParentRoute: () => root,
  path: "/models",
  validateSearch: modelsSearch,
  component: screen(() => import("@/features/models/ModelsPage.tsx"), "ModelsPage"),
});

const model = createRoute({
  getParentRoute: () => root,
  path: "/models/$name",
  validateSearch: modelSearch,
  component: screen(() => import("@/features/models/ModelPage.tsx"), "ModelPage"),
});

const version = createRoute({
  getParentRoute: () => root,
  path: "/models/$name/$version",
  validateSearch: versionSearch,
  component: screen(() => import("@/features/models/VersionPage.tsx"), "VersionPage"),
});

const versionOverview = createRoute({
  getParentRoute: () => version,
  path: "/",
  component: screen(() => import("@/features/models/VersionOverview.tsx"), "VersionOverview"),
});

const versionFiles = createRoute({
  getParentRoute: () => version,
  path: "/files/$",
  component: screen(() => import("@/features/models/VersionFiles.tsx"), "VersionFiles"),
});

const webhooks = createRoute({
  getParentRoute: () => root,
  path: "/webhooks",
  validateSearch: webhooksSearch,
  component: screen(() => import("@/features/webhooks/WebhooksPage.tsx"), "WebhooksPage"),
});

const trash = createRoute({
  getParentRoute: () => root,
  path: "/trash",
  validateSearch: trashSearch,
  component: screen(() => import("@/features/trash/TrashPage.tsx"), "TrashPage"),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  component: screen(() => import("@/features/settings/SettingsPage.tsx"), "SettingsPage"),
});

const run = createRoute({
  getParentRoute: () => root,
  path: "/runs/$runId",
  validateSearch: runSearch,
  component: screen(() => import("@/features/run/RunPage.tsx"), "RunPage"),
});

const overview = createRoute({
  getParentRoute: () => run,
  path: "/",
  component: screen(() => import("@/features/run/Overview.tsx"), "Overview"),
});

const charts = createRoute({
  getParentRoute: () => run,
  path: "/charts",
  component: screen(() => import("@/features/run/RunCharts.tsx"), "RunCharts"),
});

const images = createRoute({
  getParentRoute: () => run,
  path: "/images",
  component: screen(() => import("@/features/images/ImagesPage.tsx"), "ImagesPage"),
});

const logs = createRoute({
  getParentRoute: () => run,
  path: "/logs",
  component: screen(() => import("@/features/logs/LogsPage.tsx"), "LogsPage"),
});

const system = createRoute({
  getParentRoute: () => run,
  path: "/system",
  component: screen(() => import("@/features/run/RunSystem.tsx"), "RunSystem"),
});

const code = createRoute({
  getParentRoute: () => run,
  path: "/code",
  component: screen(() => import("@/features/code/CodePage.tsx"), "CodePage"),
});

const artifacts = createRoute({
  getParentRoute: () => run,
  path: "/artifacts/$",
  component: screen(() => import("@/features/artifacts/ArtifactsPage.tsx"), "ArtifactsPage"),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    experiments,
    runs,
    severalRuns,
    sweep,
    severalSweep,
    loggedModels,
    loggedModel.addChildren([loggedModelOverview, loggedModelArtifacts]),
    datasets,
    experimentImages,
    notes,
    compare,
    models,
    model,
    webhooks,
    version.addChildren([versionOverview, versionFiles]),
    trash,
    settings,
    run.addChildren([overview, charts, images, logs, system, code, artifacts]),
  ]),
  history: createHashHistory(),
  parseSearch,
  stringifySearch,
  defaultErrorComponent: Problem, // inside the shell, whose links stay
  defaultPreload: "intent",
  defaultPendingMs: 300,
  scrollRestoration: false,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
