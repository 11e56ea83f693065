"""Time ``MlflowClient.get_metric_history`` of a long series, in seconds."""

import json
import sys
import time

from mlflow import MlflowClient

arguments = json.loads(sys.argv[1])
client = MlflowClient(arguments["uri"])
began = time.perf_counter()
points = client.get_metric_history(arguments["run_id"], "loss")
took = time.perf_counter() - began
if len(points) != arguments["points"]:
    sys.exit(f"{len(points)} points instead of {arguments['points']}")
print(json.dumps(took))
