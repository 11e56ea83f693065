"""The pictures' common look, and the confusion matrix.

Pictures are drawn without `matplotlib.pyplot`: nothing of the user's open figures, style or backend is touched.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mlflow.metrics.classic import PackageMissing, sklearn_metrics

__all__ = ["BASELINE", "canvas", "colors", "confusion_matrix", "legend", "require_matplotlib"]

BASELINE: dict[str, Any] = {"color": "#767676", "linestyle": "--", "linewidth": 1}
"""The look of lines to compare with."""

# Okabe and Ito's colours, which people with any kind of colour vision can tell apart.
_PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
_LOOK: dict[Any, Any] = {
    "font.size": 11,
    "axes.titlesize": 13,
    "axes.grid": True,
    "grid.color": "#E6E6E6",
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
}
_MOST_NUMBERS = 20
_MOST_TICKS = 40
_LEGEND_INSIDE = 4


def require_matplotlib() -> None:
    """Fail where no pictures can be drawn.

    Raises:
        PackageMissing: matplotlib is not installed.
    """
    try:
        import matplotlib.figure  # noqa: F401
    except ImportError as exc:
        raise PackageMissing(f"Pictures are drawn by matplotlib: {exc}. Run: pip install 'mlflow[evaluation]'") from exc


@contextmanager
def canvas(title: str, x: str, y: str, size: tuple[float, float] = (7, 5)) -> Iterator[tuple[Any, Any]]:
    """A figure with one pair of labelled axes on white, whatever style the user has set."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_LOOK)
        figure = Figure(figsize=size, layout="constrained")
        axes = figure.add_subplot()
        axes.set(title=title, xlabel=x, ylabel=y)
        yield figure, axes


def colors(count: int) -> list[Any]:
    """As many colours as there are lines."""
    if count <= len(_PALETTE):
        return list(_PALETTE[:count])
    import matplotlib as mpl

    chosen = mpl.colormaps["turbo"].resampled(count)
    return [chosen(index) for index in range(count)]


def legend(axes: Any, where: str = "best") -> None:
    """A legend inside the axes; beside them where it has many lines."""
    handles, labels = axes.get_legend_handles_labels()
    if len(labels) > _LEGEND_INSIDE:
        axes.legend(handles, labels, loc="center left", bbox_to_anchor=(1.01, 0.5))
    else:
        axes.legend(handles, labels, loc=where)


def confusion_matrix(targets: Any, predictions: Any, labels: Any, weights: Any = None) -> Any:
    """A square for each pair of true and predicted class: its share of the true class, and the number of rows."""
    import numpy as np

    matrix = sklearn_metrics().confusion_matrix(targets, predictions, labels=labels)
    weighed = sklearn_metrics().confusion_matrix(targets, predictions, labels=labels, sample_weight=weights)
    totals = weighed.sum(axis=1, keepdims=True)
    shares = np.divide(weighed, totals, out=np.zeros(weighed.shape, dtype=float), where=totals > 0)
    side = min(14, max(5, 2.5 + 0.75 * len(labels)))
    with canvas("Confusion matrix", "Predicted class", "True class", (side + 1, side)) as (figure, axes):
        image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
        figure.colorbar(image, ax=axes, label="Share of the true class", shrink=0.8)
        axes.grid(False)
        axes.spines[:].set_visible(False)
        names = [str(label) for label in labels]
        step = 1 + len(names) // _MOST_TICKS
        shown = range(0, len(names), step)
        rotated = {"rotation": 45, "ha": "right"} if max(map(len, names)) > 3 and len(names) > 2 else {}
        axes.set_xticks(shown, names[::step], **rotated)
        axes.set_yticks(shown, names[::step])
        if len(names) <= _MOST_NUMBERS:
            _write_numbers(axes, shares, matrix)
    return figure


def _write_numbers(axes: Any, shares: Any, matrix: Any) -> None:
    size = 11 if len(matrix) <= 8 else 8
    for row in range(len(matrix)):
        for column in range(len(matrix)):
            share, count = shares[row, column], matrix[row, column]
            color = "white" if share > 0.5 else "black"
            text = f"{share:.1%}\n{count:,}" if count else "0"
            axes.text(column, row, text, ha="center", va="center", color=color, fontsize=size)
