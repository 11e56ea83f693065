"""The process itself: what was started, where, by which interpreter."""

from __future__ import annotations

import json
import os
import platform
import sys
from pathlib import Path

from mlflow.tracking.capture.cells import cell_watch
from mlflow.tracking.capture.secrets import redacted_arguments
from mlflow.tracking.context.default_context import source_name, user_name
from mlflow.tracking.context.jupyter_notebook_context import in_notebook, notebook_path

__all__ = ["NUMERIC_VARIABLES", "entry_point", "process_record"]

NUMERIC_VARIABLES = (
    "PYTHONHASHSEED", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OPENBLAS_CORETYPE", "MKL_CBWR",
    "CUBLAS_WORKSPACE_CONFIG", "CUDA_VISIBLE_DEVICES", "NVIDIA_TF32_OVERRIDE", "TF_DETERMINISTIC_OPS", "XLA_FLAGS",
    "PL_GLOBAL_SEED", "TZ",
)  # fmt: skip
"""The only variables that are recorded: they decide what is computed, and hold no secret."""
_ARGUMENT_LIMIT = 4096
_ARGUMENTS_LIMIT = 1000


def process_record(before: int = 0) -> bytes:
    """A JSON object with the entry point, arguments, folder, interpreter, user and host of this process.

    Args:
        before: how many runs it began before the one that this is recorded for.
    """
    record = {
        "entry_point": entry_point(),
        "argv": _bounded(sys.argv),
        "command": _bounded(sys.orig_argv),
        "runs_before": before,
        "working_directory": _working_directory(),
        "python": {
            "version": platform.python_version(),
            "implementation": platform.python_implementation(),
            "executable": sys.executable,
            "prefix": sys.prefix,
        },
        "user": user_name(),
        "host": {
            "name": platform.node(),
            "system": platform.system(),
            "release": platform.release(),
            "machine": platform.machine(),
            "processors": os.cpu_count(),
            "processor": _processor(),
        },
        "variables": {name: os.environ[name] for name in NUMERIC_VARIABLES if name in os.environ},
        "pid": os.getpid(),
    }
    return json.dumps(record, indent=2, ensure_ascii=True).encode()


def _processor() -> str:
    """The processor's model, where the system tells it: libraries choose other instructions for another one."""
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8", errors="replace") as file:
            return next((line.partition(":")[2].strip() for line in file if line.startswith("model name")), "")
    except OSError:
        return platform.processor()


def entry_point() -> dict[str, str | None]:
    """How the program was started: `kind` is script, module, command, notebook or console; `name` says which."""
    main = sys.modules.get("__main__")
    spec = getattr(main, "__spec__", None)
    name = source_name()
    if in_notebook():
        return {"kind": "notebook", "name": notebook_path()}
    if cell_watch.files():
        return {"kind": "console", "name": None}
    if spec is not None:
        return {"kind": "module", "name": spec.name.removesuffix(".__main__")}
    if name == "-c":
        return {"kind": "command", "name": None}
    return {"kind": "script", "name": name} if Path(name).is_file() else {"kind": "console", "name": None}


def _bounded(arguments: list[str]) -> list[str]:
    return [argument[:_ARGUMENT_LIMIT] for argument in redacted_arguments(arguments[:_ARGUMENTS_LIMIT])]


def _working_directory() -> str | None:
    try:
        return str(Path.cwd())
    except FileNotFoundError:
        return None
