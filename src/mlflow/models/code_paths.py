"""A model's own code: files and folders of modules that travel with it, and are importable when it is loaded."""

from __future__ import annotations

import importlib
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from mlflow.exceptions import InvalidParameterValue
from mlflow.models.module_requirements import code_modules

__all__ = ["CODE_FOLDER", "copy_code", "forget_code", "import_code", "infer_code_paths"]

CODE_FOLDER = "code"
_LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc", ".git", ".hg", ".svn", ".venv", ".mypy_cache", ".ruff_cache")


class InvalidCodePaths(InvalidParameterValue, TypeError):
    """The code paths are not a list of paths."""


def copy_code(code_paths: Iterable[str | Path] | None, folder: Path) -> str | None:
    """Copy code into a model's folder; caches, repositories and virtual environments are left out.

    Args:
        code_paths: files, and folders that go with all below them, each under its own name.
        folder: the model's folder.

    Returns:
        What the manifest calls the folder of code; None when there is none.

    Raises:
        InvalidCodePaths: it is not a list; a TypeError too.
        InvalidParameterValue: a path is not there, or two have one name.
    """
    if not code_paths:
        return None
    if isinstance(code_paths, (str, Path)):
        raise InvalidCodePaths(f"code_paths is '{code_paths}'. Pass a list of paths.")
    target = folder / CODE_FOLDER
    target.mkdir()
    for path in map(Path, code_paths):
        _copy(path, target / path.resolve().name)
    return CODE_FOLDER


def _copy(source: Path, target: Path) -> None:
    if target.exists():
        raise InvalidParameterValue(f"Code path '{source}' has the name of another one. Rename it, or pass its folder.")
    try:
        if source.is_dir():
            _check_outside(source, target)
            shutil.copytree(source, target, ignore=_LEFT_OUT)
        else:
            shutil.copy2(source, target)
    except (OSError, shutil.Error) as exc:
        raise InvalidParameterValue(f"Code path '{source}' cannot be copied: {exc}. Check the path.") from exc


def _check_outside(source: Path, target: Path) -> None:
    if target.resolve().is_relative_to(source.resolve()):
        raise InvalidParameterValue(
            f"Code path '{source}' holds the folder that the model is saved to. Save the model elsewhere, or pass the "
            "folders of the code that it needs."
        )


def import_code(folder: Path, code: str | None) -> None:
    """Make a model's code importable in this process, before what is on the path already.

    Args:
        folder: the model's folder.
        code: the manifest's name of the folder of code; None when there is none.

    Raises:
        InvalidParameterValue: the name leads out of the model's folder.
    """
    if not code:
        return
    place = (folder / code).resolve()
    if not place.is_relative_to(folder.resolve()):
        raise InvalidParameterValue(f"Code folder '{code}' is not inside the model. The manifest is broken.")
    if place.is_dir() and str(place) not in sys.path:
        sys.path.insert(0, str(place))


def forget_code(folder: Path, code: str | None) -> None:
    """Have a model's code imported anew where modules of its names came from elsewhere, such as from another version.

    Whoever holds those modules keeps them; only who imports them by name later gets the model's.

    Args:
        folder: the model's folder.
        code: the manifest's name of the folder of code; None when there is none.
    """
    place = (folder / code).resolve() if code else None
    if place is None or not place.is_dir():
        return
    brought = {path.stem if path.is_file() else path.name for path in place.iterdir()}
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if (
            name.partition(".")[0] in brought
            and file
            and _is_of_a_model(Path(file))
            and place not in Path(file).parents
        ):
            del sys.modules[name]
    if str(place) in sys.path:
        sys.path.remove(str(place))  # import_code puts it first again
    importlib.invalidate_caches()


def _is_of_a_model(file: Path) -> bool:
    """Whether a module came with a model, not from the user's own folders or an installed package."""
    return any((parent.parent / "MLmodel").is_file() for parent in file.parents if parent.name == CODE_FOLDER)


def infer_code_paths(*objects: Any) -> list[Path]:
    """The user's own modules that functions, classes or objects need: what to pass as `code_paths`.

    Only what their code refers to is found: an import by a name made at run time is not.
    """
    found = {_place(name) for name in code_modules(*objects) if name != "__main__"}
    return sorted(path for path in found if path is not None)


def _place(name: str) -> Path | None:
    package = sys.modules.get(name.partition(".")[0])
    file = getattr(package, "__file__", None)
    if package is None or file is None or package.__name__ in sys.stdlib_module_names:
        return None
    path = Path(file)
    if {"site-packages", "dist-packages"} & set(path.parts) or package.__name__ == "mlflow":
        return None
    return path.parent if path.name == "__init__.py" else path
