"""MLServer: the estimator behind the open inference protocol, at a port."""

import json
import sys
from pathlib import Path

from mlserver.cli import main

port = int(sys.argv[1])
settings = {"host": "127.0.0.1", "http_port": port, "grpc_port": port + 1, "metrics_port": port + 2}
Path("settings.json").write_text(json.dumps(settings | {"parallel_workers": 0}))
model = {"name": "scored", "implementation": "mlserver_sklearn.SKLearnModel", "parameters": {"uri": "estimator.joblib"}}
Path("model-settings.json").write_text(json.dumps(model))
sys.argv[1:] = ["start", "."]
main()
