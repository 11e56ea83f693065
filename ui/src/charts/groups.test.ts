import { expect, it } from "vitest";
import { groupSystem } from "./groups.ts";

it("system metrics stand by machine and device", () => {
  const keys = [
    "system/gpu_10_memory_usage_percentage",
    "system/gpu_2_power_usage_watts",
    "system/cpu_utilization_percentage",
    "system/node-1/system_memory_usage_megabytes",
    "system/fan",
  ];
  expect(groupSystem(keys).map(([name]) => name)).toEqual([
    "GPU 2",
    "GPU 10",
    "node-1 · Memory",
    "Other",
    "Processor",
  ]);
});
