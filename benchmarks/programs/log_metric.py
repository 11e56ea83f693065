"""Time each of ``calls`` calls of ``mlflow.log_metric``: median and 99th percentile in microseconds."""

import json
import sys
import time

import mlflow

arguments = json.loads(sys.argv[1])
mlflow.set_tracking_uri(arguments["uri"])
mlflow.set_experiment("benchmark log_metric")
clock, log_metric = time.perf_counter_ns, mlflow.log_metric
with mlflow.start_run():
    for step in range(20):
        log_metric("warm", step * 0.1, step=step)
    times = []
    for step in range(arguments["calls"]):
        began = clock()
        log_metric("loss", 1 / (step + 1), step=step)
        times.append(clock() - began)
times.sort()
print(json.dumps({"median": times[len(times) // 2] / 1000, "p99": times[int(len(times) * 0.99)] / 1000}))
