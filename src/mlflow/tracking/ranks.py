"""Which of several processes of one job this is, and the run they share."""

from __future__ import annotations

import hashlib
import itertools
import os
from typing import NamedTuple

from mlflow.environment_variables import MLFLOW_JOIN_RANKS

__all__ = ["Rank", "shared_run_id", "this_rank"]

# rank, and what together names the job
_LAUNCHERS = (
    ("RANK", ("TORCHELASTIC_RUN_ID", "TORCHELASTIC_RESTART_COUNT")),
    ("OMPI_COMM_WORLD_RANK", ("PMIX_NAMESPACE",)),
    ("PMI_RANK", ("PMI_JOBID",)),
    ("SLURM_PROCID", ("SLURM_JOB_ID", "SLURM_STEP_ID")),
)
_NO_JOB = {"", "none"}  # torchrun's id when none was given

_begun = itertools.count()


class Rank(NamedTuple):
    """One process of several that work together; `job` names what they have in common, if it is known."""

    number: int
    job: str | None = None


def this_rank() -> Rank | None:
    """This process's place in its job, as torchrun, Open MPI, MPICH or Slurm tell it; None outside of such a job."""
    for variable, names in _LAUNCHERS:
        number, job = os.environ.get(variable, ""), [os.environ.get(name, "") for name in names]
        if number.isdigit() and job[0].lower() not in _NO_JOB:
            return Rank(int(number), "\0".join([variable, *job]))
    number = os.environ.get("RANK", "")
    return Rank(int(number)) if number.isdigit() else None


def shared_run_id(rank: Rank | None) -> str | None:
    """The id of the run that all ranks of the job begin now; None unless MLFLOW_JOIN_RANKS is true.

    Every rank computes the same one: the n-th call on one rank means the n-th on another.
    """
    if rank is None or rank.job is None or not MLFLOW_JOIN_RANKS.get():
        return None
    return hashlib.sha256(f"{rank.job}\0{next(_begun)}".encode()).hexdigest()[:32]
