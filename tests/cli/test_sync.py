import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from mlflow.tracking.client import MlflowClient
from tests.cli.conftest import Command
from tests.fixtures.servers import StartServer

PROGRAM = """
import os, signal, sys
import mlflow
with mlflow.start_run(run_name="cut") as run:
    print(run.info.run_id, flush=True)
    sys.stdin.readline()
    for step in range(100):
        mlflow.log_metric("loss", 1 / (step + 1), step=step)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_process_left_is_listed_and_shipped(
    mlflow: Command, start_server: StartServer, tmp_path: Path
) -> None:
    assert "Nothing is left" in mlflow("sync").stdout
    server = start_server()
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, "MLFLOW_TRACKING_URI": server.url, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    run_id = process.stdout.readline().strip()
    server.kill()
    process.stdin.write("go on\n")
    process.stdin.flush()
    assert process.wait(60) == -signal.SIGKILL
    process.stdin.close()
    process.stdout.close()
    waiting = json.loads(mlflow("sync", "--dry-run", "--json").stdout)
    assert [(journal["destination"], journal["state"]) for journal in waiting] == [(server.url, "waits")]
    assert "waits" in mlflow("sync", "--dry-run").stdout
    assert json.loads(mlflow("sync", "--json", code=1).stdout)[0]["error"]
    server.start()
    shipped = json.loads(mlflow("sync", "--json").stdout)
    assert [(report["error"], report["rejected"]) for report in shipped] == [(None, 0)]
    assert len(MlflowClient(server.url).get_metric_history(run_id, "loss")) == 100
    assert "Nothing is left" in mlflow("sync").stdout
    assert "Nothing was rejected" in mlflow("sync", "--rejected").stdout
