import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { LiveEvent } from "./events.ts";
import { apply } from "./live.ts";
import type { Series } from "./metrics.ts";
import type { RunPage, RunRow } from "./runRows.ts";
import type { Run, RunFacts } from "./runs.ts";

const facts: RunFacts = {
  id: "r1",
  name: "one",
  experimentId: "1",
  user: "ana",
  status: "RUNNING",
  start: 0,
  end: null,
  deleted: false,
};
const run: Run = {
  ...facts,
  artifactUri: "",
  metrics: {},
  params: {},
  tags: {},
  datasets: [],
};
const row: RunRow = {
  ...facts,
  trashed: null,
  measured: false,
  values: { "metrics.loss": null, "params.lr": null, "tags.team": null, "tags.kind": null },
};
const PAGE = ["runs", "pages", "1", {}, ["metrics.loss", "params.lr", "tags.team", "tags.kind"], 0, 100];
const SAMPLE = ["metrics", "sample", "loss", "step", null, ["r1"]];
const series: Series = {
  run_id: "r1",
  key: "loss",
  count: 1,
  exact: true,
  x: [0],
  last: [1],
  min: [1],
  max: [1],
  mean: [1],
};

const event = (kind: LiveEvent["kind"], data: object, runId = "r1"): LiveEvent => ({
  kind,
  experimentId: "1",
  runId,
  data: { ...data },
});

describe("live events", () => {
  let queries: QueryClient;
  beforeEach(() => {
    queries = new QueryClient();
    queries.setQueryData<RunPage>(PAGE, { runs: [row], total: 1 });
    queries.setQueryData<Series[]>(SAMPLE, [series]);
  });
  const shown = () => queries.getQueryData<RunPage>(PAGE)?.runs[0];

  it("change the run that is shown", () => {
    apply(queries, [
      event("run", {
        status: "FINISHED",
        end_time: 9,
        params: { lr: "1" },
        tags: { "mlflow.runName": "two" },
      }),
    ]);
    expect(shown()).toMatchObject({ status: "FINISHED", end: 9, name: "two", values: { "params.lr": "1" } });
  });

  it("take away a tag that was removed, also when it comes after the page was read", () => {
    const tags = () => [shown()?.values["tags.team"], shown()?.values["tags.kind"]];
    apply(queries, [event("run", { tags: { team: "a", kind: "good" } })]);
    expect(tags()).toEqual(["a", "good"]);
    apply(queries, [event("run", { tags: { team: null, absent: null } })]);
    expect(tags()).toEqual([null, "good"]);
    expect(shown()?.values).not.toHaveProperty(["tags.absent"]);
  });

  it("have a run read again that is being read while it changes", async () => {
    let answer = (_: Run) => {};
    const queryFn = () => new Promise<Run>((resolve) => (answer = resolve));
    queries.setQueryData<Run>(["runs", "one", "r1"], run);
    const options = { queryKey: ["runs", "one", "r1"], queryFn, staleTime: 0 };
    const observer = new QueryObserver<Run>(queries, options);
    const stop = observer.subscribe(() => {});
    const old = answer;
    apply(queries, [event("run", { tags: { kind: "good" } })]);
    expect(answer).not.toBe(old);
    old(run);
    answer({ ...run, tags: { kind: "better" } });
    await vi.waitFor(() => expect(observer.getCurrentResult().data?.tags).toEqual({ kind: "better" }));
    stop();
  });

  it("set the latest value and lengthen the series", () => {
    apply(queries, [
      event("metrics", {
        loss: [
          [1, 100, 0.5],
          [2, 200, 0.25],
        ],
      }),
    ]);
    expect(shown()).toMatchObject({ measured: true, values: { "metrics.loss": 0.25 } });
    expect(queries.getQueryData<Series[]>(SAMPLE)?.[0]).toMatchObject({
      count: 3,
      x: [0, 1, 2],
      last: [1, 0.5, 0.25],
    });
  });

  it("keep the value of the greatest step, whichever came last", () => {
    queries.setQueryData<Run>(["runs", "one", "r1"], {
      ...run,
      metrics: { loss: { key: "loss", step: 5, timestamp: 50, value: 0.5 } },
    });
    apply(queries, [event("metrics", { loss: [[7, 70, 0.25]] })]);
    const late = event("metrics", {
      loss: [
        [6, 90, 9],
        [3, 99, 8],
      ],
    });
    apply(queries, [late]);
    expect(shown()?.values["metrics.loss"]).toBe(0.25);
    expect(queries.getQueryData<Run>(["runs", "one", "r1"])?.metrics.loss).toMatchObject({
      step: 7,
      value: 0.25,
    });
  });

  it("leave pages alone whose runs they do not concern", () => {
    const before = queries.getQueryData(PAGE);
    apply(queries, [event("metrics", { loss: [[1, 1, 1]] }, "r2")]);
    expect(queries.getQueryData(PAGE)).toBe(before);
  });

  it("tell of runs that started and are not shown", () => {
    expect(
      apply(queries, [event("run", { status: "RUNNING" }, "r2"), event("run", { status: "RUNNING" })]),
    ).toEqual(["r2"]);
  });

  it("leave a zoomed series alone", () => {
    const zoomed = ["metrics", "sample", "loss", "step", [0, 1], ["r1"]];
    queries.setQueryData<Series[]>(zoomed, [series]);
    apply(queries, [event("metrics", { loss: [[5, 1, 1]] })]);
    expect(queries.getQueryData(zoomed)).toEqual([series]);
  });

  it("make everything be read anew after a gap", () => {
    apply(queries, [event("reset", {})]);
    expect(queries.getQueryState(PAGE)?.isInvalidated).toBe(true);
  });
});
