"""The folder that an image is built from: Dockerfile, requirements, a wheel of the running distribution, the model."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from mlflow.environments.built import environments_root
from mlflow.environments.wheel import WHEEL, own_wheel
from mlflow.exceptions import InvalidParameterValue
from mlflow.serving.images.dockerfile import dockerfile
from mlflow.serving.images.recipe import Recipe

__all__ = ["write_context"]

_IGNORED = "*\n!packages/\n!model/\n!requirements.txt\n!constraints.txt\n!conda.yaml\n**/__pycache__\n**/.git\n"
_READABLE = 0o644
_LEFT_OUT = shutil.ignore_patterns("__pycache__", ".git")


def write_context(folder: Path, recipe: Recipe) -> None:
    """Fill a folder, which is made if absent; what it had of an earlier context is replaced.

    Raises:
        InvalidParameterValue: the model's folder has links that lead out of it.
    """
    for name in ("model", "packages"):
        shutil.rmtree(folder / name, ignore_errors=True)
    (folder / "packages").mkdir(parents=True)
    wheel = shutil.copyfile(own_wheel(environments_root() / "wheels"), folder / "packages" / WHEEL)
    if recipe.model is not None:
        _copy_model(recipe.model, folder / "model")
    own = f"mlflow @ file:///build/packages/{quote(wheel.name)}"
    if recipe.conda is not None:
        _write(folder / "conda.yaml", [recipe.conda])
    else:
        _write(folder / "requirements.txt", [own, *recipe.requirements])
        _write(folder / "constraints.txt", recipe.constraints)
    _write(folder / ".dockerignore", [_IGNORED])
    _write(folder / "Dockerfile", [dockerfile(recipe)])


def _write(path: Path, lines: Sequence[str]) -> None:
    path.write_text("".join(f"{line.rstrip()}\n" for line in lines), encoding="utf-8")


def _copy_model(source: Path, target: Path) -> None:
    """The model's files, readable by the user that the container runs as."""
    root = source.resolve()
    for path in root.rglob("*"):
        if path.is_symlink() and not path.resolve().is_relative_to(root):
            raise InvalidParameterValue(
                f"'{path.relative_to(root)}' in the model's folder is a link to '{path.resolve()}', outside of it. "
                "Put the file itself there."
            )
    shutil.copytree(root, target, ignore=_LEFT_OUT)
    for folder, _, names in os.walk(target):
        Path(folder).chmod(0o755)
        for name in names:
            file = Path(folder, name)
            file.chmod(_READABLE | (file.stat().st_mode & 0o111))
