import { describe, expect, it } from "vitest";
import { translate } from "./legacyLinks.ts";

const RUN = "0123456789abcdef0123456789abcdef";

describe("links of MLflow", () => {
  it.each([
    [`/experiments/1/runs/${RUN}`, `/runs/${RUN}`],
    [`/experiments/1/runs/${RUN}/overview`, `/runs/${RUN}`],
    [`/experiments/1/runs/${RUN}/model-metrics`, `/runs/${RUN}/charts`],
    [`/experiments/1/runs/${RUN}/system-metrics`, `/runs/${RUN}/system`],
    [`/experiments/1/runs/${RUN}/artifacts`, `/runs/${RUN}/artifacts/`],
    [`/experiments/1/runs/${RUN}/artifacts/model/MLmodel`, `/runs/${RUN}/artifacts/model/MLmodel`],
    [`/experiments/1/runs/${RUN}/artifactPath/a/b.txt`, `/runs/${RUN}/artifacts/a/b.txt`],
    ["/experiments/3/runs", "/experiments/3"],
    ["/settings/webhooks", "/webhooks"],
    ["/models/my%20model/versions/4", "/models/my%20model/4"],
    [`/compare-model-versions?name="my model"&runs={"${RUN}":"10","a":"9"}`, "/models/my%20model/10?with=9"],
    ["/models/my%20model/compare?v=4,5", "/models/my%20model/5?with=4"],
    ["/createModel", "/models"],
    [
      `/compare/charts?r=${RUN},${RUN}&b=${RUN}&k=val/loss`,
      `/compare?r=~${RUN},${RUN}&b=${RUN}&k=val%2Floss&m=charts`,
    ],
    [`/experiments/1/runs/${RUN}/traces`, `/runs/${RUN}`],
    ["/experiments/1/overview/usage", "/experiments/1"],
    [
      "/experiments/3/runs?searchFilter=metrics.a%20%3E%201&orderByKey=metrics.%60val%20loss%60&orderByAsc=true",
      "/experiments/3?q=metrics.a+%3E+1&s=metrics.val+loss",
    ],
    [
      "/experiments/3?orderByKey=attributes.%60start_time%60&orderByAsc=false",
      "/experiments/3?s=-start_time",
    ],
    [`/compare-experiments/s?experiments=["1","12"]`, "/runs?e=~1,12"],
    ["/compare-experiments/s", "/runs"],
    [`/compare-runs?runs=["${RUN}","${RUN}"]&experiments=["1"]`, `/compare?r=~${RUN},${RUN}`],
    [`/compare-runs?runs=%5B%22${RUN}%22%5D`, `/compare?r=~${RUN}`],
    [`/metric/100%?runs=["${RUN}"]`, `/compare?r=~${RUN}&m=charts&k=100%25`],
    [`/metric/val%2Floss?runs=["${RUN}"]&metric="val/loss"`, `/compare?r=~${RUN}&m=charts&k=val%2Floss`],
  ])("%s leads to %s", (hash, address) => {
    expect(translate(hash)).toBe(address);
  });

  it.each([
    "",
    "/",
    "/experiments",
    "/experiments/3",
    "/experiments/3?q=x",
    "/models",
    "/models/a/4",
    `/runs/${RUN}`,
    `/runs/${RUN}/charts?x=wall`,
  ])("%j is one of ours already", (hash) => {
    expect(translate(hash)).toBeNull();
  });
});
