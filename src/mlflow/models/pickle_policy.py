"""Whether a model that can run any code when it is loaded may be loaded: the decision, and the one line about it."""

from __future__ import annotations

import logging
from pathlib import Path

import msgspec

from mlflow.environment_variables import (
    MLFLOW_ALLOW_PICKLE_DESERIALIZATION,
    MLFLOW_PICKLE_POLICY,
    MLFLOW_TRUSTED_MODELS,
)
from mlflow.exceptions import PermissionDenied

__all__ = ["PickleRefused", "UnsafeModel", "decide"]

_LOG = logging.getLogger(__name__)


class PickleRefused(PermissionDenied):
    """The settings forbid to load models that can run code, and this one is not on the list of trusted ones."""


class UnsafeModel(msgspec.Struct, frozen=True):
    """A model whose files can run code when they are loaded.

    Args:
        source: where it came from: the URI that was asked for.
        folder: its folder on this machine.
        digest: its model digest.
        format: what it is stored as, such as "pickle".
        alternative: how to save it so that loading it runs nothing; empty when there is no way.
    """

    source: str
    folder: Path
    digest: str
    format: str
    alternative: str = ""


def decide(model: UnsafeModel) -> None:
    """Let an unsafe model pass, with one warning line, or refuse it.

    MLFLOW_TRUSTED_MODELS lists digests, and beginnings of URIs, that pass without a word. For the others
    MLFLOW_PICKLE_POLICY decides: `allow` is silent, `warn` warns, `refuse` refuses; and
    MLFLOW_ALLOW_PICKLE_DESERIALIZATION=false refuses too.

    Raises:
        PickleRefused: the model must not be loaded.
    """
    if is_trusted(model):
        return
    policy = MLFLOW_PICKLE_POLICY.get()
    if policy == "refuse" or not MLFLOW_ALLOW_PICKLE_DESERIALIZATION.get():
        raise PickleRefused(
            f"Model '{model.source}' is stored as {model.format}, which can run any code, and the settings forbid to "
            f"load such models. Trust it by MLFLOW_TRUSTED_MODELS={model.digest}{_advice(', or ', model)}."
        )
    if policy == "warn":
        advice = _advice(" Safer: ", model)
        _LOG.warning(
            "Loading '%s' (sha256 %s), stored as %s, runs code of its own: load models of trusted origin only.%s",
            model.source,
            model.digest,
            model.format,
            f"{advice}." if advice else "",
        )


def is_trusted(model: UnsafeModel) -> bool:
    """Whether the list of trusted models names this one, by digest or by where it came from."""
    return any(
        entry.lower().removeprefix("sha256:") == model.digest or _is_below(model.source, entry)
        for entry in MLFLOW_TRUSTED_MODELS.get()
    )


def _is_below(source: str, entry: str) -> bool:
    if ".." in source.replace("\\", "/").split("/"):  # what is below by its text may lie elsewhere
        return False
    return source == entry or source.startswith((f"{entry.rstrip('/')}/", f"{entry}@"))


def _advice(lead: str, model: UnsafeModel) -> str:
    return f"{lead}{model.alternative}" if model.alternative else ""
