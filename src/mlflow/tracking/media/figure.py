"""Figures of matplotlib and plotly as files."""

from __future__ import annotations

import io
import sys
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from mlflow.tracking.media.artifact_file import ArtifactFile
from mlflow.tracking.media.failures import InvalidMedia, InvalidMediaType

__all__ = ["render_figure"]

_PLOTLY_IMAGES = frozenset({".png", ".jpeg", ".webp", ".svg", ".pdf"})


def render_figure(figure: Any, artifact_file: str, save_kwargs: Mapping[str, Any] | None = None) -> ArtifactFile:
    """A figure in the format of its file's extension.

    Args:
        figure: of matplotlib (any format of `savefig`) or plotly (.html, .json, .png, .jpeg, .webp, .svg, .pdf).
        artifact_file: where it goes; its extension chooses the format.
        save_kwargs: passed on to matplotlib's `savefig`, plotly's `to_html` (`include_plotlyjs` is "cdn" unless given),
            `to_json` or `to_image`.

    Raises:
        InvalidMedia: no format has this extension.
        InvalidMediaType: the object is no such figure, or plotly has no format of this extension.
    """
    options = dict(save_kwargs or {})
    if _is_a(figure, "matplotlib.figure", "Figure"):
        return ArtifactFile(artifact_file, _matplotlib(figure, artifact_file, options))
    if _is_a(figure, "plotly.graph_objects", "Figure"):
        return ArtifactFile(artifact_file, _plotly(figure, artifact_file, options))
    raise InvalidMediaType(
        f"Unsupported figure object type: '{type(figure)}'. Give a matplotlib.figure.Figure or a "
        "plotly.graph_objects.Figure."
    )


def _is_a(figure: object, module: str, name: str) -> bool:
    """Whether an object is of a class whose module need not be imported: if it is not, there is no such object."""
    loaded = sys.modules.get(module)
    return loaded is not None and isinstance(figure, getattr(loaded, name))


def _matplotlib(figure: Any, artifact_file: str, options: dict[str, Any]) -> bytes:
    suffix = PurePosixPath(artifact_file).suffix
    if not suffix:
        raise InvalidMedia(f"The figure's file '{artifact_file}' has no extension. Name the format, as in 'plot.png'.")
    buffer = io.BytesIO()
    try:
        figure.savefig(buffer, **({"format": suffix[1:].lower()} | options))
    except ValueError as exc:
        raise InvalidMedia(f"The figure cannot be written to '{artifact_file}': {exc}.") from exc
    return buffer.getvalue()


def _plotly(figure: Any, artifact_file: str, options: dict[str, Any]) -> bytes:
    suffix = PurePosixPath(artifact_file).suffix
    if suffix == ".html":
        options.pop("auto_open", None)
        page: str = figure.to_html(**({"include_plotlyjs": "cdn"} | options))
        return page.encode()
    if suffix == ".json":
        text: str = figure.to_json(**options)
        return text.encode()
    if suffix in _PLOTLY_IMAGES:
        image: bytes = figure.to_image(format=suffix[1:], **options)
        return image
    raise InvalidMediaType(
        f"Unsupported file extension for plotly figure: '{suffix}'. Use .html, .json, "
        f"{', '.join(sorted(_PLOTLY_IMAGES))}."
    )
