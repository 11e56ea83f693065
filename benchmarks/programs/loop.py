"""Time a loop of ``log_metrics`` with 10 keys: until the last call is durable, and until the server shows it."""

import json
import sys
import time

import mlflow
from mlflow import MlflowClient

arguments = json.loads(sys.argv[1])
steps = arguments["steps"]
mlflow.set_tracking_uri(arguments["uri"])
mlflow.set_experiment("benchmark loop")
client = MlflowClient()
with mlflow.start_run() as run:
    mlflow.log_metrics({"warm": 1.0}, step=0)
    began = time.perf_counter()
    for step in range(steps):
        metrics = {f"metric_{key}": 1 / (step + key + 1) for key in range(10)}
        mlflow.log_metrics(metrics, step=step, synchronous=arguments["synchronous"])
    durable = time.perf_counter() - began
    mlflow.flush_async_logging()
    while client.get_run(run.info.run_id).data.metrics.get("metric_9") != metrics["metric_9"]:
        time.sleep(0.001)
    readable = time.perf_counter() - began
print(json.dumps({"durable": durable, "readable": readable}))
