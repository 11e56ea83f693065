"""Time ``MlflowClient.log_artifacts`` of a folder and the download of all of it, in seconds."""

import json
import sys
import time
from pathlib import Path

import mlflow
from mlflow import MlflowClient

arguments = json.loads(sys.argv[1])
mlflow.set_tracking_uri(arguments["uri"])
target = Path(arguments["target"])
target.mkdir()
began = time.perf_counter()
MlflowClient().log_artifacts(arguments["run_id"], arguments["source"], "files")
up = time.perf_counter() - began
began = time.perf_counter()
path = mlflow.artifacts.download_artifacts(run_id=arguments["run_id"], artifact_path="files", dst_path=str(target))
down = time.perf_counter() - began
if len(list(Path(path).iterdir())) != len(list(Path(arguments["source"]).iterdir())):
    sys.exit(f"not every file came back to {path}")
print(json.dumps({"up": up, "down": down}))
