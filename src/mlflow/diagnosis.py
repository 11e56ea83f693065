"""What `mlflow doctor` and `mlflow.doctor()` find out: versions, settings, and whether things work."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version

import msgspec

from mlflow.version import VERSION

__all__ = ["Diagnosis", "diagnose", "doctor"]

_PACKAGES = (
    "sqlalchemy",
    "msgspec",
    "uvicorn",
    "numpy",
    "pandas",
    "obstore",
    "psycopg",
    "pymysql",
    "pyarrow",
)
_SECRET = ("PASSWORD", "TOKEN", "SECRET", "KEY", "CREDENTIAL")
_LOW_DISK = 1 << 30  # bytes


class Diagnosis(msgspec.Struct, frozen=True):
    """What was found; `problems` says what does not work and what to do about it."""

    facts: dict[str, str]
    packages: dict[str, str]
    settings: dict[str, str]
    checks: dict[str, str]
    problems: list[str]

    def plain(self) -> dict[str, object]:
        """As plain dictionaries."""
        return msgspec.structs.asdict(self)

    def text(self) -> str:
        """As lines for people."""
        lines: list[str] = []
        for title, section in (
            ("", self.facts),
            ("Packages", self.packages),
            ("Settings", self.settings),
            ("Checks", self.checks),
        ):
            lines += [f"\n{title}:"] if title else []
            lines += [f"{name}: {value}" for name, value in section.items()] or ["(none)"]
        return "\n".join([*lines, *(f"\nProblem: {problem}" for problem in self.problems)])


def doctor(mask_envs: bool = False) -> None:
    """Print versions and settings, and what does not work.

    Args:
        mask_envs: hide the values of environment variables.
    """
    print(diagnose(mask_envs=mask_envs).text())  # noqa: T201 - this is what it is for


def diagnose(*, mask_envs: bool = False) -> Diagnosis:
    """Find out; a check that fails is reported, not raised."""
    problems: list[str] = []
    checks = {name: _outcome(check, problems) for name, check in _CHECKS.items()}
    return Diagnosis(_facts(), _installed(), _settings(mask_envs), checks, problems)


def _facts() -> dict[str, str]:
    from mlflow.tracking.uris import get_tracking_uri

    return {
        "System": platform.platform(),
        "Python version": sys.version.split()[0],
        "MLflow version": VERSION,
        "MLflow module location": os.path.dirname(__file__),  # noqa: PTH120 - a text to show
        "Tracking URI": get_tracking_uri(),
    }


def _installed() -> dict[str, str]:
    found: dict[str, str] = {}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def _settings(mask: bool) -> dict[str, str]:
    given = {name: value for name, value in sorted(os.environ.items()) if name.startswith("MLFLOW_")}
    return {name: "***" if mask or any(word in name for word in _SECRET) else value for name, value in given.items()}


def _outcome(check: Callable[[], str], problems: list[str]) -> str:
    try:
        return check()
    except Exception as problem:  # noqa: BLE001 - whatever is wrong is what the doctor reports
        problems.append(str(problem))
        return "failed"


def _check_store() -> str:
    from mlflow.tracking.client import MlflowClient

    MlflowClient().search_experiments(max_results=1)
    return "answers"


def _check_journal() -> str:
    from mlflow.journal.location import journal_directory

    folder = journal_directory()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    probe = folder / f".doctor-{os.getpid()}"
    probe.write_bytes(b"probe")
    probe.unlink()
    free = shutil.disk_usage(folder).free
    if free < _LOW_DISK:
        raise OSError(
            f"Only {free >> 20} MiB are free for the journal in '{folder}'; make room or set MLFLOW_JOURNAL_DIR."
        )
    return f"can be written ({folder})"


_CHECKS = {"Tracking store": _check_store, "Journal": _check_journal}
