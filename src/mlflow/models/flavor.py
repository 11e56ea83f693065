"""A flavor: what is particular to one framework's models. Saving, loading and logging is one mechanism in `package`.

A framework's module declares its `Flavor` and derives what users call from it by a `Surface` (`models/surface.py`):

    FLAVOR = Flavor(
        name="xgboost",                       # key in the manifest
        distribution="xgboost",               # what pip installs
        module="xgboost",                     # what Python imports, on use
        handles=("xgboost.Booster", "xgboost.XGBModel"),
        loader_module=__name__,
        version_key="xgb_version",
        file=lambda model, options: f"model.{options['model_format']}",
        file_key="data",                      # the flavor's entry names the file by this key too
        dump=_dump,                           # (model, path, options) -> further keys of the flavor's entry
        load=_load,                           # (path, config, options) -> model
        predict=_predict,                     # (model, data, params, config) -> predictions
        is_safe=lambda config: True,          # loading runs no code of the file
    )
    _SURFACE = Surface(FLAVOR, model="xgb_model", save="… words, see there …", log="…")
    save_model, load_model, log_model = _SURFACE.save_model, _SURFACE.load_model, _SURFACE.log_model
    get_default_pip_requirements = _SURFACE.get_default_pip_requirements
    get_default_conda_env = _SURFACE.get_default_conda_env
    _load_pyfunc = _SURFACE.load_pyfunc

`options` are the arguments of `save_model` (or `load_model`) that not all flavors have, by name; what a signature's
`**kwargs` collects stands under `"kwargs"`. `config` in `load` is the flavor's entry of the manifest; in `predict` it
is the flavor's entry, the function's, and the `model_config` given at loading, later ones winning. `mlflow/sklearn.py`
is a complete module. Then the name moves from `LATER` to `NAMES` in `_names.py`, with its twin in `__init__.pyi`, and
a trained sample joins the battery in `tests/flavors/`.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import msgspec

from mlflow.exceptions import InvalidParameterValue, MlflowException
from mlflow.models.requirements import installed
from mlflow.models.signature import ModelSignature

__all__ = ["Dump", "Flavor", "FrameworkMissing", "Load", "NotOfThisFlavor", "Predict", "UnpicklableModel"]

Config = Mapping[str, Any]


class FrameworkMissing(MlflowException, ImportError):
    """The framework of a model is not installed."""


class UnpicklableModel(InvalidParameterValue, pickle.PicklingError, TypeError):
    """A model, or something in it, cannot be pickled."""


class NotOfThisFlavor(InvalidParameterValue):
    """A model is not of the classes that a flavor handles."""


class Dump(Protocol):
    """Write a model below a path, and return further keys of the flavor's entry in the manifest."""

    def __call__(self, model: Any, path: Path, options: Config, /) -> Config: ...


class Load(Protocol):
    """Read the model that `Dump` wrote; `config` is the flavor's entry in the manifest."""

    def __call__(self, path: Path, config: Config, options: Config, /) -> Any: ...


class Predict(Protocol):
    """Call a model with data that fits its signature, and parameters; `config` joins the manifest's entries."""

    def __call__(self, model: Any, data: Any, params: Config, config: Config, /) -> Any: ...


def _as_given(model: Any, options: Config) -> Config:
    return options


def _no_modules(model: Any, path: Path) -> Iterable[str]:
    return ()


class ByRows(Protocol):
    """What calls a model with an array whose columns are `names`, in order; None for a model that wants a table."""

    def __call__(self, model: Any, config: Config, names: Sequence[str], /) -> Callable[[Any], Any] | None: ...


def _wants_tables(model: Any, config: Config, names: Sequence[str]) -> None:
    return None


class Flavor(msgspec.Struct, frozen=True, kw_only=True):
    """One framework.

    Args:
        name: the key of its entry in the manifest.
        distribution: what pip installs it by.
        module: what Python imports it by.
        handles: classes whose instances, and those of subclasses, it takes, by dotted name; empty for any object.
        loader_module: the module that the manifest names for loading the model as a function.
        file: the model's file or folder, relative to the model's folder; or a function of model and options.
        prepare: completes the options of saving, before anything else sees them; `input_example` is among them.
        dump: writes a model.
        load: reads it again.
        predict: calls it; None where the framework's models are no functions.
        by_rows: what calls one model with arrays of numbers, to the same predictions as `predict` with a table of them.
        as_function: what `predict` is given in place of the model, such as a session made of it.
        stored_config: entries of `predict`'s config that the model's folder holds beside the manifest.
        is_function: whether one model can be called, with these options; used where `predict` is there.
        data_key: how the function's entry in the manifest names `file`: `data` or `model_path`; empty for not at all.
        file_key: how the flavor's own entry names `file`; empty for not at all.
        version_key: how the flavor's entry names the framework's version; `<name>_version` when empty.
        is_safe: whether loading a model with this entry runs no code of its file.
        runs_code: what in a model's file or folder runs code all the same, where its entry does not tell; empty for
            nothing.
        format: what the file is, in messages.
        alternative: how to save such a model safely; empty when there is no way.
        needs: further modules that one model needs, beside the framework; from the model and its written file.
        also: further distributions to name beside the framework's, made from options.
        pyfunc_config: further keys of the function's entry, made from options.
        signature: what such a model takes and gives, where neither a signature nor an example is given.
    """

    name: str
    distribution: str
    module: str
    loader_module: str
    file: str | Callable[[Any, Config], str]
    dump: Dump
    load: Load
    handles: tuple[str, ...] = ()
    predict: Predict | None = None
    by_rows: ByRows = _wants_tables
    as_function: Callable[[Any, Config], Any] = lambda model, config: model
    stored_config: Callable[[Path], Config] = lambda folder: {}
    prepare: Callable[[Any, Config], Config] = _as_given
    is_function: Callable[[Any, Config], bool] = lambda model, options: True
    data_key: str = "data"
    file_key: str = ""
    version_key: str = ""
    is_safe: Callable[[Config], bool] = lambda config: False
    runs_code: Callable[[Path], str] = lambda path: ""
    format: str = "pickle"
    alternative: str = ""
    needs: Callable[[Any, Path], Iterable[str]] = _no_modules
    also: Callable[[Config], Iterable[str]] = lambda options: ()
    pyfunc_config: Callable[[Config], Config] = lambda options: {}
    signature: Callable[[Any, Config], ModelSignature | None] = lambda model, options: None

    def version(self) -> str | None:
        """The framework's installed version."""
        found = installed(self.distribution)
        return found[1] if found else None

    def file_of(self, model: Any, options: Config) -> str:
        """Where a model's file or folder stands in its folder."""
        return self.file if isinstance(self.file, str) else self.file(model, options)

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
