"""The `mlflow` command: groups are loaded when they are used."""

from __future__ import annotations

from mlflow.cli.main import cli, main

__all__ = ["cli", "main"]
