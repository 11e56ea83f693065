"""Time ``MlflowClient.log_artifact`` of one file and ``mlflow.artifacts.download_artifacts`` of it, in seconds."""

import json
import sys
import time
from pathlib import Path

import mlflow
from mlflow import MlflowClient

arguments = json.loads(sys.argv[1])
mlflow.set_tracking_uri(arguments["uri"])
source, target = Path(arguments["source"]), Path(arguments["target"])
target.mkdir()
began = time.perf_counter()
MlflowClient().log_artifact(arguments["run_id"], str(source))
up = time.perf_counter() - began
began = time.perf_counter()
path = mlflow.artifacts.download_artifacts(run_id=arguments["run_id"], artifact_path=source.name, dst_path=str(target))
down = time.perf_counter() - began
if Path(path).stat().st_size != source.stat().st_size:
    sys.exit(f"{path} has another size than {source}")
print(json.dumps({"up": up, "down": down}))
