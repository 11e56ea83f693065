"""A flavor: what is particular to one framework's models. Saving, loading and logging is one mechanism in `package`.

SKLEARN = Flavor(
    name="sklearn",
    distribution="scikit-learn",
    module="sklearn",
    handles=("sklearn.base.BaseEstimator",),
    loader_module="mlflow.sklearn",
    file="model.pkl",
    dump=_dump,
    load=_load,
    predict=_predict,
    is_safe=lambda config: config["serialization_format"] == "skops",
    alternative="save it with serialization_format='skops'",
)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Protocol

import msgspec

from mlflow.exceptions import InvalidParameterValue, MlflowException

__all__ = ["Dump", "Flavor", "FrameworkMissing", "Load", "NotOfThisFlavor", "Predict"]

Config = Mapping[str, Any]


class FrameworkMissing(MlflowException, ImportError):
    """The framework of a model is not installed."""


class NotOfThisFlavor(InvalidParameterValue):
    """A model is not of the classes that a flavor handles."""


class Dump(Protocol):
    """Write a model below a path, and return further keys of the flavor's entry in the manifest."""

    def __call__(self, model: Any, path: Path, options: Config, /) -> Config: ...


class Load(Protocol):
    """Read the model that `Dump` wrote; `config` is the flavor's entry in the manifest."""

    def __call__(self, path: Path, config: Config, /) -> Any: ...


class Predict(Protocol):
    """Call a loaded model with data that fits its signature, and parameters."""

    def __call__(self, model: Any, data: Any, params: Config, /) -> Any: ...


def _no_modules(model: Any) -> Iterable[str]:
    return ()


class Flavor(msgspec.Struct, frozen=True, kw_only=True):
    """One framework.

    Args:
        name: the key of its entry in the manifest.
        distribution: what pip installs it by.
        module: what Python imports it by.
        handles: classes whose instances, and those of subclasses, it takes, by dotted name; empty for any object.
        loader_module: the module that the manifest names for loading the model as a function.
        file: the model's file or folder, relative to the model's folder.
        dump: writes a model.
        load: reads it again.
        predict: calls it; None where the framework's models are no functions.
        data_key: how the function's entry in the manifest names `file`: `data` or `model_path`.
        file_key: how the flavor's own entry names `file`, for models whose folder is no function.
        version_key: how the flavor's entry names the framework's version; `<name>_version` when empty.
        is_safe: whether loading a model with this entry runs no code of its file.
        format: what the file is, in messages.
        alternative: how to save such a model safely; empty when there is no way.
        needs: further modules that one model needs, beside the framework.
        pyfunc_config: further keys of the function's entry, made from options.
    """

    name: str
    distribution: str
    module: str
    loader_module: str
    file: str
    dump: Dump
    load: Load
    handles: tuple[str, ...] = ()
    predict: Predict | None = None
    data_key: str = "data"
    file_key: str = "data"
    version_key: str = ""
    is_safe: Callable[[Config], bool] = lambda config: False
    format: str = "pickle"
    alternative: str = ""
    needs: Callable[[Any], Iterable[str]] = _no_modules
    pyfunc_config: Callable[[Config], Config] = lambda options: {}

    def version(self) -> str | None:
        """The framework's installed version."""
        try:
            return version(self.distribution)
        except PackageNotFoundError:
            return None

    def config(self, extra: Config) -> dict[str, Any]:
        """The flavor's entry in the manifest."""
        return {self.version_key or f"{self.name}_version": self.version(), "code": None, **extra}

    def check(self, model: Any) -> None:
        """Refuse a model that is not of this framework.

        Raises:
            NotOfThisFlavor: its class is none of those.
        """
        bases = {f"{base.__module__}.{base.__qualname__}" for base in type(model).__mro__}
        packages = {base.__module__.partition(".")[0] + "." + base.__qualname__ for base in type(model).__mro__}
        if self.handles and not (bases | packages) & set(self.handles):
            raise NotOfThisFlavor(
                f"Model of class '{type(model).__module__}.{type(model).__qualname__}' is none of the {self.name} "
                f"flavor, which takes {', '.join(self.handles)}. Use the flavor of its framework, or pyfunc."
            )

    def require(self) -> None:
        """Refuse to go on where the framework is not installed.

        Raises:
            FrameworkMissing: it is not; an ImportError too.
        """
        try:
            import_module(self.module)
        except ImportError as exc:
            raise FrameworkMissing(
                f"The {self.name} flavor needs the package {self.distribution}: {exc}. "
                f"Run: pip install {self.distribution}"
            ) from exc
