"""`python -m mlflow.cli` is the command `mlflow`."""

from __future__ import annotations

from mlflow.cli.main import main

main()
