"""Requirements of a project that uv manages.

A program that runs in such a project has what the lock file holds. So a model that is saved there asks for that, as
`uv export` tells it, and is trained and served with the same packages.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from mlflow.environment_variables import MLFLOW_LOG_UV_FILES, MLFLOW_UV_AUTO_DETECT
from mlflow.models.requirements import is_mlflow, name_of

__all__ = ["UvProject", "locked_or"]

_LOG = logging.getLogger(__name__)

_LOCK, _PROJECT = "uv.lock", "pyproject.toml"
_FILES = (_LOCK, _PROJECT, ".python-version")
_EXPORT = ("export", "--no-dev", "--no-hashes", "--frozen", "--no-header", "--no-emit-project", "--no-annotate")
_PUBLIC_INDEX = ["pypi", "org"]
_SECONDS = 120


class UvProject(msgspec.Struct, frozen=True):
    """A folder with `uv.lock` and `pyproject.toml`.

    Args:
        folder: the folder.
        groups: dependency groups to take beside the project's own requirements.
        extras: optional dependencies of the project to take.
    """

    folder: Path
    groups: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()

    @classmethod
    def find(
        cls, named: str | Path | None = None, groups: Iterable[str] | None = None, extras: Iterable[str] | None = None
    ) -> UvProject | None:
        """The project in a folder; the one in the working folder where none is named and MLFLOW_UV_AUTO_DETECT is on.

        Where a named folder holds none, a warning says so.
        """
        if named is None and not MLFLOW_UV_AUTO_DETECT.get():
            return None
        folder = Path(named) if named is not None else Path.cwd()
        missing = [name for name in (_LOCK, _PROJECT) if not (folder / name).is_file()]
        if not missing:
            return cls(folder, tuple(groups or ()), tuple(extras or ()))
        if named is not None:
            _LOG.warning(
                "'%s' is no uv project, as it has no %s; requirements are inferred. Run `uv lock` in the project, and "
                "pass the folder of its uv.lock.",
                folder,
                " and no ".join(missing),
            )
        return None

    def requirements(self) -> list[str] | None:
        """What pip installs: further indexes first, then each package as it is locked.

        None, with a warning, where uv is not there or cannot read the lock file. mlflow itself is left out.
        """
        import subprocess  # what only programs in such a project pay for

        from mlflow.environments.python_environment import find_uv

        uv = find_uv()
        if uv is None:
            _LOG.warning(
                "uv is not there, so requirements of '%s' are inferred. Install it: `pip install uv`.", self.folder
            )
            return None
        chosen = [*_options("--group", self.groups), *_options("--extra", self.extras)]
        try:
            done = subprocess.run(  # noqa: S603 - an argument list; no shell
                [uv, *_EXPORT, *chosen],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=_SECONDS,
                check=True,
            )
        except (OSError, subprocess.SubprocessError) as exc:
            said = getattr(exc, "stderr", None) or exc
            _LOG.warning("uv cannot tell what '%s' needs, so requirements are inferred: %s", self.folder, said)
            return None
        lines = [line.strip() for line in done.stdout.splitlines()]
        packages = [line for line in lines if line and not line.startswith("#") and not is_mlflow(line)]
        return [*self._indexes(), *packages]

    def _indexes(self) -> list[str]:
        """Options for the indexes that locked packages come from, beside the public one."""
        import tomllib

        packages = tomllib.loads((self.folder / _LOCK).read_text(encoding="utf-8")).get("package", [])
        named = {package.get("source", {}).get("registry") for package in packages}
        addresses = sorted(address for address in named if address and "://" in address and not _is_public(address))
        return [f"--extra-index-url {address}" for address in addresses]

    def keep(self, folder: Path) -> None:
        """Copy the project's files into a model's folder, unless MLFLOW_LOG_UV_FILES is off."""
        if MLFLOW_LOG_UV_FILES.get():
            for path in filter(Path.is_file, (self.folder / name for name in _FILES)):
                shutil.copyfile(path, folder / path.name)


def locked_or(project: UvProject | None, inferred: Iterable[str]) -> list[str]:
    """What a model needs: what its project has locked, and of what is inferred the packages that are not in the lock.

    Args:
        project: the project, where there is one.
        inferred: requirements for what is installed here.
    """
    locked = project.requirements() if project is not None else None
    if locked is None:
        return list(inferred)
    known = {name_of(line) for line in locked}
    return sorted([*locked, *(line for line in inferred if name_of(line) not in known)])


def _options(option: str, values: Iterable[str]) -> list[str]:
    return [word for value in values for word in (option, value)]


def _is_public(address: str) -> bool:
    return (urlsplit(address).hostname or "").split(".")[-2:] == _PUBLIC_INDEX
