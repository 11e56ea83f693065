"""Series drawn so small that a byte a point is enough.

A table asks for those of all its rows again whenever it is scrolled or opened anew. To draw 200 of them takes 60 ms; so
they are kept, and count while the version of the run is the same.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence

from sqlalchemy import Connection

from mlflow._numpy import np
from mlflow.contract.metrics import SampledSeries, Sparkline
from mlflow.sql.chart_range import ChartRange
from mlflow.sql.charts import sample
from mlflow.sql.keys import Keys
from mlflow.sql.recent import Recent
from mlflow.sql.run_rows import RunRow, read_versions

__all__ = ["Sparklines", "draw"]

_MOST_KEPT = 10_000  # of 60 points, 5 MB

_Drawn = tuple[Sparkline | None]  # None where the run has no such series


class Sparklines:
    """Draws small lines and keeps the last ones.

    Args:
        keys: the numbers of keys.
    """

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._recent: Recent[tuple[int, int, str, int], _Drawn] = Recent(_MOST_KEPT)

    def read(
        self, connection: Connection, runs: Sequence[RunRow], names: Sequence[str], points: int
    ) -> list[Sparkline]:
        """The line of each series, run by run, in the order of the names; at most so many points each."""
        names = list(dict.fromkeys(names))
        # versions first: what is read afterwards may be newer, and is then kept under a version that nobody asks for
        versions = read_versions(connection, [run.id for run in runs])
        keys = {run.id: [(run.id, versions.get(run.id, -1), name, points) for name in names] for run in runs}
        found = {run.id: [self._recent.get(key) for key in keys[run.id]] for run in runs}
        missing = [run for run in runs if None in found[run.id]]
        if missing:
            series = sample(connection, self._keys, missing, names, ChartRange("step", None, None, points))
            lines = {(one.run_id, one.key): draw(one) for one in series}
            for run in missing:
                found[run.id] = [(lines.get((run.run_id, name)),) for name in names]
                for key, drawn in zip(keys[run.id], found[run.id], strict=True):
                    self._recent.put(key, drawn or (None,))
        return [drawn[0] for run in runs for drawn in found[run.id] if drawn and drawn[0]]


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
