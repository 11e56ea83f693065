"""Working without a server: when, and how a run starts there."""

from __future__ import annotations

import logging
import socket
import time
import uuid
from collections.abc import Mapping
from urllib.parse import urlsplit

from mlflow.contract.addresses import shown
from mlflow.contract.frames_operations import CreateExperiment, CreateRun
from mlflow.entities import Param, Run, RunData, RunInfo, RunTag
from mlflow.environment_variables import MLFLOW_OFFLINE
from mlflow.sql.run_names import random_run_name
from mlflow.stores import is_server
from mlflow.tracking.clock import now
from mlflow.tracking.run_log import RunLog
from mlflow.tracking.run_tags import MLFLOW_RUN_NAME, MLFLOW_USER

__all__ = ["announce", "create_experiment", "create_run", "is_offline"]

ATTEMPTS = (0.0, 0.3, 0.7)
"""Pauses in seconds before each attempt to connect: a server that restarts is given a second."""
CONNECT_SECONDS = 2.0

_absent: set[str] = set()  # servers that were waited for in vain: the next run does not wait again

_logger = logging.getLogger(__name__)


def is_offline(uri: str) -> bool:
    """Whether to do without the store at `uri`: as MLFLOW_OFFLINE says, or because nothing accepts connections there.

    It takes three seconds at most to find out.
    """
    mode = MLFLOW_OFFLINE.get()
    if mode == "auto":
        return is_server(uri) and not _accepts_connections(uri)
    return mode == "always"


def create_experiment(log: RunLog, name: str) -> None:
    """Have an experiment made once there is a server, unless there is one of that name by then."""
    log.append(CreateExperiment(name=name, creation_time=now()))


def create_run(
    log: RunLog,
    experiment_id: str | None,
    experiment_name: str | None,
    run_name: str | None,
    tags: Mapping[str, str],
    run_id: str | None = None,
) -> Run:
    """Begin a run in the journal, under an id that is chosen here.

    Args:
        log: where to.
        experiment_id: the experiment, if its id is known.
        experiment_name: else its name.
        run_name: made up when omitted.
        tags: with values as text.
        run_id: 32 hexadecimal digits; new when omitted.
    """
    chosen, name, start = run_id or uuid.uuid4().hex, run_name or random_run_name(), now()
    user = tags.get(MLFLOW_USER, "")
    all_tags = {**tags, MLFLOW_RUN_NAME: name}
    log.begin_offline(chosen)
    log.append(
        CreateRun(
            run_id=chosen,
            start_time=start,
            experiment_id=experiment_id,
            experiment_name=experiment_name,
            run_name=name,
            user_id=user,
            tags=all_tags,
        )
    )
    info = RunInfo(chosen, experiment_id or "", user, start_time=start, run_name=name)
    return Run(info, RunData(tags=[RunTag(key, value) for key, value in all_tags.items()], params=list[Param]()))


def announce(uri: str, run: Run, folder: str) -> None:
    """Say loudly that a run starts without a server."""
    _logger.warning(
        "No tracking server at %s: run '%s' (%s) is logged offline, into %s. It is sent when the server answers; after "
        "this program has ended, by the next one or by `mlflow sync`.",
        shown(uri),
        run.info.run_name,
        run.info.run_id,
        folder,
    )


def _accepts_connections(uri: str) -> bool:
    parts = urlsplit(uri)
    address = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    for pause in ATTEMPTS[: 1 if uri in _absent else None]:
        time.sleep(pause)
        try:
            socket.create_connection(address, CONNECT_SECONDS).close()
        except TimeoutError:
            break
        except OSError:
            continue
        _absent.discard(uri)
        return True
    _absent.add(uri)
    return False
