"""Time ``mlflow.search_runs`` of all runs of an experiment to a DataFrame; the process's peak memory in MiB."""

import json
import resource
import sys
import time

import mlflow

arguments = json.loads(sys.argv[1])
mlflow.set_tracking_uri(arguments["uri"])
import pandas  # noqa: E402, F401 - both products need it; what it costs to load is not theirs

began = time.perf_counter()
frame = mlflow.search_runs([arguments["experiment_id"]], max_results=arguments["runs"])
took = time.perf_counter() - began
if len(frame) != arguments["runs"]:
    sys.exit(f"{len(frame)} rows instead of {arguments['runs']}")
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"seconds": took, "memory": peak}))
