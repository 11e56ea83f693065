"""What one framework declares: which of its functions train, and what `autolog` takes.

XGBOOST = Integration("xgboost", package="xgboost", tested=("2.0", "3.2"))

@XGBOOST.training("xgboost:train")
def _train(fit):
    fit.record.params(fit.call.get("params"))
    booster = yield
    fit.record.model("xgboost", booster)
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from importlib.util import find_spec
from types import ModuleType
from typing import Any, ParamSpec

from mlflow.exceptions import MlflowException
from mlflow.tracking.autologging.calls import Call
from mlflow.tracking.autologging.fits import Fit, Observe, inside, suspended
from mlflow.tracking.autologging.guard import guard, logger
from mlflow.tracking.autologging.imports import when_imported
from mlflow.tracking.autologging.patching import Around, put_around
from mlflow.tracking.autologging.settings import settings

__all__ = ["Integration", "NotInstalled"]

P = ParamSpec("P")
Applies = Callable[[Call], bool]
Watch = Callable[[Call, Any], None]


class NotInstalled(MlflowException, ImportError):
    """The framework whose training shall be logged is not installed."""


class Integration:
    """One framework.

    Args:
        name: the key of its settings, and the value of the tag of runs that it starts.
        package: what Python imports the framework by.
        tested: the first and the last version that this is known to work with; others are warned of.
        distribution: what pip installs it by, where that is not the package's name.
        gives_way_to: an integration that watches the same trainings: when that one is on, and this one was not asked
            for by its own `autolog`, they are left to it.
    """

    def __init__(
        self,
        name: str,
        *,
        package: str,
        tested: tuple[str, str],
        distribution: str | None = None,
        gives_way_to: str | None = None,
    ) -> None:
        self.name, self.package, self.tested, self.gives_way_to = name, package, tested, gives_way_to
        self.distribution = distribution or package.partition(".")[0]
        self._points: list[tuple[str, Callable[[ModuleType], None]]] = []
        self._waiting = False
        self.defaults: dict[str, Any] = {}

    # Declaring

    def training(self, *targets: str, applies: Applies | None = None) -> Callable[[Observe], Observe]:
        """Declare functions that train. The observer is a generator: what is before its `yield` comes before.

        Args:
            targets: `module:function` or `module:Class.method`.
            applies: whether a call is logged; where it is not, all inside of it is quiet too.
        """

        def declare(observe: Observe) -> Observe:
            around = self.trained(observe, applies)
            for target in targets:
                self.around(target, around)
            return observe

        return declare

    def watching(self, *targets: str) -> Callable[[Watch], Watch]:
        """Declare functions whose calls outside of trainings are looked at when they have answered."""

        def declare(watch: Watch) -> Watch:
            around = self.watched(watch)
            for target in targets:
                self.around(target, around)
            return watch

        return declare

    def suspending(self, *targets: str) -> None:
        """Declare functions inside of which nothing logs."""
        for target in targets:
            self.around(target, self.without_logging)

    def around(self, target: str, around: Around) -> None:
        """Declare a function to put another one around."""
        module, _, path = target.partition(":")
        *owners, name = path.split(".")

        def install(found: ModuleType) -> None:
            owner: Any = found
            for part in owners:
                owner = getattr(owner, part, None)
            if owner is not None:  # else another version of the framework has no such class
                put_around(owner, name, around, inherited=True)

        self.on_import(module, install)

    def on_import(self, module: str, install: Callable[[ModuleType], None]) -> None:
        """Declare what to do when a module is imported; `package.*` means a package and all below it."""
        self._points.append((module, install))

    # Functions around those of the framework

    def trained(self, observe: Observe, applies: Applies | None = None) -> Around:
        """The function around one that trains; where it does not apply, all inside of it is quiet too."""

        def around(original: Callable[..., Any]) -> Callable[..., Any]:
            def trained(*args: Any, **kwargs: Any) -> Any:
                if self._gives_way():
                    return original(*args, **kwargs)
                call = Call(original, args, kwargs)
                if applies is not None and not applies(call):
                    return self.without_logging(original)(*args, **kwargs)
                fit = Fit.begin(self.name, call)
                return original(*args, **kwargs) if fit is None else fit.follow(observe)

            return trained

        return around

    def watched(self, watch: Watch) -> Around:
        """The function around one that is looked at."""

        def around(original: Callable[..., Any]) -> Callable[..., Any]:
            def watched(*args: Any, **kwargs: Any) -> Any:
                if settings.enabled(self.name) is None or inside() is not None:
                    return original(*args, **kwargs)
                call = Call(original, args, kwargs)
                with suspended():
                    result = original(*args, **kwargs)
                with guard(self.name, "look at a call"):
                    watch(call, result)
                return result

            return watched

        return around

    def without_logging(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """The function around one inside of which nothing logs."""

        def quietly(*args: Any, **kwargs: Any) -> Any:
            if settings.enabled(self.name) is None or inside() is not None:
                return original(*args, **kwargs)
            with suspended():
                return original(*args, **kwargs)

        return quietly

    # Switching on and off

    def entry(self, function: Callable[P, None]) -> Callable[P, None]:
        """Make the public `autolog` of a function that has its signature and text."""
        signature = inspect.signature(function)

        @functools.wraps(function)
        def autolog(*args: P.args, **kwargs: P.kwargs) -> None:
            bound = signature.bind(*args, **kwargs)
            bound.apply_defaults()
            self.enable(dict(bound.arguments))

        self.defaults = {name: parameter.default for name, parameter in signature.parameters.items()}
        autolog.integration = self  # type: ignore[attr-defined]
        return autolog

    def enable(self, values: dict[str, Any], *, common: bool = False) -> None:
        """Do as `autolog` was told. The framework is not imported; what it does is seen when it is.

        Raises:
            NotInstalled: it is not installed.
        """
        if not self._is_installed():
            if common or values.get("disable"):
                return
            raise NotInstalled(
                f"Autologging of {self.name} needs the package {self.distribution}, which is not installed. "
                f"Run: pip install {self.distribution}"
            )
        settings.tell(self.name, self._within_versions(values), common=common)
        if not self._waiting:
            self._waiting = True
            for module, install in self._points:
                when_imported(module, functools.partial(self._install, install))

    def _gives_way(self) -> bool:
        other = self.gives_way_to
        return other is not None and settings.enabled(other) is not None and not settings.is_own(self.name)

    def _install(self, install: Callable[[ModuleType], None], module: ModuleType) -> None:
        with guard(self.name, f"be put around {module.__name__}"):
            install(module)

    def _is_installed(self) -> bool:
        try:
            return find_spec(self.package.partition(".")[0]) is not None
        except (ImportError, ValueError):
            return False

    def _within_versions(self, values: dict[str, Any]) -> dict[str, Any]:
        """The arguments, switched off where the version is not known to work and that was asked for."""
        from packaging.version import Version

        from mlflow.models.requirements import installed

        here = installed(self.distribution)
        if here is None:
            return values
        found = Version(here[1])
        first, last = map(Version, self.tested)
        if first <= found and found.release[: len(last.release)] <= last.release:
            return values
        if values.get("disable_for_unsupported_versions"):
            return values | {"disable": True}
        if not values.get("silent") and not values.get("disable"):
            logger.warning(
                "Autologging of %s is tested with versions %s to %s, and here is %s. If it fails, training goes on.",
                self.name,
                *self.tested,
                found,
            )
        return values
