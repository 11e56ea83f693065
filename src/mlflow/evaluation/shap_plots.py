"""The pictures of SHAP values: each row's, their spread, and the mean of their size."""

from __future__ import annotations

from typing import Any

from mlflow.evaluation.explanation import Explanation
from mlflow.evaluation.plots import canvas, colors, legend

__all__ = ["beeswarm", "feature_importance", "summary"]

_MOST_FEATURES = 15
_MOST_CLASSES = 4
_WIDTH = 8


def feature_importance(found: Explanation) -> Any:
    """A bar for each feature: the mean size of its SHAP values, of several classes one after the other."""
    import numpy as np

    sizes = np.abs(found.values.values).mean(axis=0)
    parts = sizes[:, None] if sizes.ndim == 1 else sizes
    order = _order(parts.sum(axis=1))
    names = [str(found.values.feature_names[index]) for index in order]
    title, x = "Feature importance", f"Mean size of the {found.unit}"
    with canvas(title, x, "", (_WIDTH, _height(len(order)))) as (figure, axes):
        start = np.zeros(len(order))
        for column, color in enumerate(colors(parts.shape[1])):
            label = f"Class {found.classes[column]}" if found.classes is not None else None
            axes.barh(names[::-1], parts[order, column][::-1], left=start, color=color, label=label, height=0.7)
            start = start + parts[order, column][::-1]
        axes.grid(False, axis="y")
        if found.classes is not None:
            legend(axes, "lower right")
        elif len(names) == len(set(names)):
            axes.bar_label(axes.containers[0], fmt="%.3g", padding=3)
    return figure


def beeswarm(found: Explanation) -> Any:
    """A point for each row and feature: where its SHAP value lies, coloured by the feature's own value."""
    return _panels(found, "SHAP values of each row", _points)


def summary(found: Explanation) -> Any:
    """The spread of each feature's SHAP values: their range, and the half of the rows in the middle."""
    return _panels(found, "Spread of the SHAP values", _spread)


def _panels(found: Explanation, title: str, draw: Any) -> Any:
    """One pair of axes; for several classes one each, side by side, of the classes with the greatest values."""
    import numpy as np

    if found.classes is None:
        panels = [("", found.values.values)]
    else:
        sizes = np.abs(found.values.values).mean(axis=(0, 1))
        chosen = sorted(np.argsort(-sizes, kind="stable")[:_MOST_CLASSES])
        panels = [(f"class {found.classes[index]}", found.values.values[..., index]) for index in chosen]
    with canvas(title, found.unit, "", (_WIDTH + 4 * (len(panels) - 1), 5)) as (figure, axes):
        every = [axes]
        if len(panels) > 1:
            axes.remove()
            every = list(figure.subplots(1, len(panels)))
        for (name, values), panel in zip(panels, every, strict=True):
            order = _order(np.abs(values).mean(axis=0))
            panel.set_title(f"{title}, {name}" if name else title)
            panel.set_xlabel(found.unit)
            panel.axvline(0, color="#767676", linewidth=1)
            draw(figure, panel, values, found.values, order)
            panel.set_yticks(range(len(order)), [str(found.values.feature_names[index]) for index in order])
            panel.invert_yaxis()
        figure.set_size_inches(_WIDTH + 4 * (len(panels) - 1), _height(len(order)))
    return figure


def _points(figure: Any, axes: Any, values: Any, told: Any, order: list[int]) -> None:
    import matplotlib as mpl
    import numpy as np

    for place, index in enumerate(order):
        shifts = _shifts(values[:, index])
        shades = _shades(np.asarray(told.data)[:, index].astype(float))
        axes.scatter(values[:, index], place + shifts, c=shades, cmap="viridis", vmin=0, vmax=1, s=12, linewidths=0)
    scale = mpl.cm.ScalarMappable(mpl.colors.Normalize(0, 1), "viridis")
    bar = figure.colorbar(scale, ax=axes, ticks=[0, 1], aspect=40, pad=0.02)
    bar.ax.set_yticklabels(["low", "high"])
    bar.set_label("Feature's value", labelpad=-6)
    bar.outline.set_visible(False)


def _spread(figure: Any, axes: Any, values: Any, told: Any, order: list[int]) -> None:
    columns = [values[:, index] for index in order]
    color = colors(1)[0]
    axes.boxplot(
        columns,
        orientation="horizontal",
        positions=range(len(order)),
        widths=0.6,
        whis=(0, 100),
        patch_artist=True,
        boxprops={"facecolor": color, "alpha": 0.6, "edgecolor": color},
        medianprops={"color": "black"},
    )


def _order(sizes: Any) -> list[int]:
    """The features with the greatest values, greatest first."""
    import numpy as np

    return [int(index) for index in np.argsort(-sizes, kind="stable")[:_MOST_FEATURES]]


def _height(features: int) -> float:
    return 2.2 + 0.36 * features


def _shifts(values: Any) -> Any:
    """How far each point stands from its feature's line, so that points of one value stand beside each other."""
    import numpy as np

    low, high = values.min(), values.max()
    bins = np.zeros(len(values), dtype=int) if low == high else ((values - low) / (high - low) * 80).astype(int)
    shifts = np.zeros(len(values))
    most = np.bincount(bins).max()
    for each in np.unique(bins):
        inside = np.flatnonzero(bins == each)
        ranks = np.arange(len(inside))
        shifts[inside] = np.where(ranks % 2 == 0, 1, -1) * ((ranks + 1) // 2)
    return shifts * min(0.06, 0.8 / max(most, 1))


def _shades(column: Any) -> Any:
    """Values between 0 and 1, by the range without its outer twentieths."""
    import numpy as np

    low, high = np.nanpercentile(column, [5, 95])
    if low == high:
        low, high = np.nanmin(column), np.nanmax(column)
    return np.full(len(column), 0.5) if low == high else np.clip((column - low) / (high - low), 0, 1)
