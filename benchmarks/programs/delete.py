"""Time ``MlflowClient.delete_run`` of every run of an experiment, in seconds."""

import json
import sys
import time

from mlflow import MlflowClient

arguments = json.loads(sys.argv[1])
client = MlflowClient(arguments["uri"])
runs = client.search_runs([arguments["experiment_id"]], max_results=arguments["runs"])
if len(runs) != arguments["runs"]:
    sys.exit(f"{len(runs)} runs instead of {arguments['runs']}")
began = time.perf_counter()
for run in runs:
    client.delete_run(run.info.run_id)
print(json.dumps(time.perf_counter() - began))
