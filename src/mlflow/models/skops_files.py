"""Models that skops stores: which of their types it has to be told to trust, and which modules they come from."""

from __future__ import annotations

import contextlib
import json
import sys
import zipfile
from collections.abc import Collection, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from mlflow.exceptions import InvalidParameterValue
from mlflow.models.plain_skops import NotPlain
from mlflow.models.plain_skops_writer import write_plain

__all__ = ["UntrustedTypes", "import_skops", "serializers", "skops_modules", "to_skops"]


class UntrustedTypes(InvalidParameterValue):
    """A model was to be saved by skops and holds types that it does not trust."""


def to_skops(model: Any, trusted: Collection[str] | None, harmless: Collection[str]) -> tuple[bytes, list[str] | None]:
    """The content of the file, and the types that loading it has to trust.

    Args:
        model: what to store.
        trusted: types that the user trusts, by dotted name.
        harmless: types that skops does not know, though loading them runs no code of the file.

    Raises:
        UntrustedTypes: skops cannot store it, or it holds types that nobody trusts.
    """
    try:
        content, untrusted = write_plain(model)
    except NotPlain:
        content, untrusted = _written_by_skops(model)
    unknown = sorted(untrusted - {*harmless} - {*(trusted or ())})
    if unknown:
        raise UntrustedTypes(
            f"it holds types that skops does not trust: {', '.join(unknown)}. Pass those that are safe to load as "
            "skops_trusted_types, or choose serialization_format='cloudpickle'."
        )
    return content, sorted(untrusted | {*(trusted or ())}) or None


def _written_by_skops(model: Any) -> tuple[bytes, set[str]]:
    skops_io = import_skops()
    try:
        content = skops_io.dumps(model)
    except Exception as exc:  # skops raises what the model's parts raise
        raise UntrustedTypes(f"skops cannot store it ({type(exc).__name__}: {exc}).") from exc
    return content, set(skops_io.get_untrusted_types(data=content))


def import_skops() -> Any:
    """The module `skops.io`.

    It imports all of sklearn, what sklearn is tested with too; that does without pytest, whose import takes as long as
    half of the rest.
    """
    if not {"pytest", "sklearn.utils._testing"} & sys.modules.keys():
        sys.modules["pytest"] = None  # type: ignore[assignment]  # the documented way to make an import fail
        try:
            with contextlib.suppress(ImportError):
                import_module("sklearn.utils._testing")
        finally:
            sys.modules.pop("pytest", None)
    return import_module("skops.io")


def skops_modules(path: Path) -> Iterator[str]:
    """The modules that a file of skops names; the file is read, nothing is loaded."""
    with zipfile.ZipFile(path) as archive:
        schema = json.loads(archive.read("schema.json"))
    yield from _modules(schema)


def serializers(options: Mapping[str, Any]) -> Iterator[str]:
    """The packages that read a model saved with these options of a flavor that knows cloudpickle and skops."""
    if options.get("include_cloudpickle") or options.get("serialization_format") == "cloudpickle":
        yield "cloudpickle"
    if options.get("include_skops"):
        yield "skops"


def _modules(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("__module__"), str):
            yield schema["__module__"]
        schema = list(schema.values())
    for part in schema if isinstance(schema, list) else ():
        yield from _modules(part)
