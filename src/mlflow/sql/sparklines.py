"""Series drawn so small that a byte a point is enough."""

from __future__ import annotations

import base64

from mlflow._numpy import np
from mlflow.contract.metrics import SampledSeries, Sparkline

__all__ = ["draw"]


def draw(series: SampledSeries) -> Sparkline:
    """The shape of a series' means; infinities lie on the border of what is finite."""
    values = np.array([value for value in series.mean if value is not None], np.float64)
    finite = values[np.isfinite(values)]
    if not len(finite):
        return Sparkline(series.run_id, series.key, None, None, "")
    low, high = float(finite.min()), float(finite.max())
    span = high - low
    parts = (np.clip(values, low, high) - low) / span if 0 < span < np.inf else np.full(len(values), 0.5)
    shape = base64.b64encode(np.rint(parts * 255).astype(np.uint8).tobytes()).decode()
    return Sparkline(series.run_id, series.key, low, high, shape)
