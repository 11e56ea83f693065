"""What the values of a table look like, small enough to keep beside a model: the baseline of drift.

    >>> import pandas as pd
    >>> profile = profile_of(pd.DataFrame({"age": [20.0, 30.0, None, 70.0]}))
    >>> profile.columns["age"].missing
    0.25

A profile holds the values it was made of only where they are few, or are the commonest of their column.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import msgspec
import numpy as np

from mlflow.exceptions import InvalidParameterValue
from mlflow.models.drift import ks_statistic, psi

__all__ = [
    "Categories",
    "Numbers",
    "Profile",
    "column_profile",
    "compact_profile_of",
    "numbers_of",
    "profile_of",
    "read_profile",
]

_BINS = 10
_DISTINCT = 10  # numbers of so few values are counted each by itself
_KEPT = 2_000  # quantiles, or all values where there are no more
_COMMON = 50  # categories; the others count together
_LARGEST = 1e300
_COMPACT = 1_000  # quantiles of all columns of a compact profile together
_FEWEST, _MOST = 20, 101  # quantiles of each
_SHARED = 5  # rows that have a category, at least, for a compact profile to name it
_LONGEST = 200  # characters of a category


class Numbers(msgspec.Struct, frozen=True, tag="numbers"):
    """A column of numbers.

    Attributes:
        missing: the share of rows without a value.
        edges: between the bins, of which there is one more; in a bin are values from its lower edge on.
        counts: values in each bin.
        values: sorted; quantiles when there were many.
    """

    missing: float
    edges: list[float]
    counts: list[int]
    values: list[float]

    def drift(self, values: Any) -> dict[str, float]:
        """PSI, KS and the share of missing values of a column that came."""
        found = numbers_of(values)
        there = found[~np.isnan(found)]
        counts = np.bincount(np.searchsorted(self.edges, there, side="right"), minlength=len(self.counts))
        return {
            "psi": psi(self.counts, counts),
            "ks": ks_statistic(self.values, there),
            "missing": 1 - len(there) / len(found) if len(found) else float("nan"),
        }


class Categories(msgspec.Struct, frozen=True, tag="categories"):
    """A column of texts, booleans or anything else that is compared by equality.

    Attributes:
        missing: the share of rows without a value.
        counts: the commonest values, as texts.
        others: all other values.
    """

    missing: float
    counts: dict[str, int]
    others: int

    def drift(self, values: Any) -> dict[str, float]:
        """PSI and the share of missing values of a column that came."""
        there = _texts(values)
        found = dict.fromkeys(self.counts, 0)
        others = 0
        for text in there:
            if text in found:
                found[text] += 1
            else:
                others += 1
        missing = 1 - len(there) / len(values) if len(values) else float("nan")
        return {"psi": psi([*self.counts.values(), self.others], [*found.values(), others]), "missing": missing}


ColumnProfile: TypeAlias = Numbers | Categories


class Profile(msgspec.Struct, frozen=True):
    """A table's columns, and what a model answered for it.

    Attributes:
        rows: of the table.
        columns: the inputs.
        predictions: columns of predictions; "prediction" where they have no name.
    """

    rows: int
    columns: dict[str, ColumnProfile]
    predictions: dict[str, ColumnProfile] = {}

    def to_json(self) -> str:
        """The form that files have."""
        return msgspec.json.encode(self).decode()


def profile_of(frame: Any, predictions: Mapping[str, Any] | None = None) -> Profile:
    """The profile of a table.

    Args:
        frame: the inputs.
        predictions: columns of predictions by name.
    """
    return Profile(
        len(frame),
        {str(name): column_profile(frame[name]) for name in dict.fromkeys(frame.columns)},
        {name: column_profile(values) for name, values in (predictions or {}).items()},
    )


def compact_profile_of(frame: Any, predictions: Any | None, rows: int) -> Profile:
    """A profile of some KB, which names no value that few rows have; its distances are 0.01 to 0.05 off.

    Args:
        frame: the inputs, or a sample of them.
        predictions: answers as columns; None where there are none.
        rows: of the table that the frame may be a sample of.
    """
    kept = min(_MOST, max(_FEWEST, _COMPACT // max(1, frame.shape[1])))
    answered = {} if predictions is None else {name: predictions[name] for name in predictions.columns}
    found = profile_of(frame, answered)
    return Profile(
        rows,
        {name: _compacted(one, kept) for name, one in found.columns.items()},
        {name: _compacted(one, kept) for name, one in found.predictions.items()},
    )


def _compacted(profile: ColumnProfile, kept: int) -> ColumnProfile:
    if isinstance(profile, Categories):
        common = {text: count for text, count in profile.counts.items() if count >= _SHARED}
        others = profile.others + sum(profile.counts.values()) - sum(common.values())
        return Categories(round(profile.missing, 6), common, others)
    values = profile.values
    if len(values) > kept:
        values = _quantiles(np.asarray(values), np.linspace(0, 1, kept)).tolist()
    return msgspec.structs.replace(
        profile, missing=round(profile.missing, 6), values=[float(f"{value:.9g}") for value in values]
    )


def read_profile(content: bytes, source: str) -> Profile:
    """A profile from the JSON of `Profile.to_json`.

    Raises:
        InvalidParameterValue: it is no profile.
    """
    try:
        return msgspec.json.decode(content, type=Profile)
    except msgspec.MsgspecError as exc:
        raise InvalidParameterValue(
            f"'{source}' is no profile: {exc}. Make one with `mlflow models profile`, or name a table of rows."
        ) from exc


def column_profile(values: Any) -> ColumnProfile:
    """The profile of one column, a Series or array."""
    import pandas as pd

    column = pd.Series(values)
    if not _is_number(column):
        return _categories(column)
    found = numbers_of(column)
    there = np.sort(found[~np.isnan(found)])
    missing = 1 - len(there) / len(found) if len(found) else 0.0
    edges = _edges(there)
    counts = np.bincount(np.searchsorted(edges, there, side="right"), minlength=len(edges) + 1)
    kept = there if len(there) <= _KEPT else _quantiles(there, np.linspace(0, 1, _KEPT))
    return Numbers(missing, edges.tolist(), counts.tolist(), kept.tolist())


def numbers_of(values: Any) -> np.ndarray:
    """A column as floats, NaN where there is no number; times are seconds."""
    import pandas as pd

    column = pd.Series(values)
    if column.dtype.kind == "M" or isinstance(column.dtype, pd.DatetimeTZDtype):
        there = column.notna().to_numpy()
        found = np.full(len(column), np.nan)
        found[there] = pd.DatetimeIndex(column[there]).as_unit("ns").asi8 / 1e9
        return found
    found = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    clipped: np.ndarray = np.clip(found, -_LARGEST, _LARGEST)  # infinities are not JSON
    return clipped


def _is_number(column: Any) -> bool:
    import pandas as pd
    from pandas.api import types

    if types.is_bool_dtype(column.dtype):
        return False
    if types.is_numeric_dtype(column.dtype) or types.is_datetime64_any_dtype(column.dtype):
        return True
    there = column.dropna()
    return bool(len(there)) and pd.api.types.infer_dtype(there, skipna=True) in {
        "integer",
        "floating",
        "mixed-integer-float",
    }


def _quantiles(there: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """As `np.quantile`, which would go through them anew for each share, of values that are sorted."""
    found: np.ndarray = np.interp(shares * (len(there) - 1), np.arange(len(there)), there)
    return found


def _edges(there: np.ndarray) -> np.ndarray:
    distinct = there[np.flatnonzero(np.diff(there, prepend=-np.inf))]
    if len(distinct) <= _DISTINCT:
        beyond = np.nextafter(distinct[-1:], np.inf)  # so that what is larger than the largest is seen
        return np.concatenate([distinct, beyond])
    return np.unique(_quantiles(there, np.linspace(0, 1, _BINS + 1)[1:-1]))


def _categories(column: Any) -> Categories:
    texts = _texts(column)
    counts: dict[str, int] = {}
    for text in texts:
        counts[text] = counts.get(text, 0) + 1
    common = dict(sorted(counts.items(), key=lambda item: -item[1])[:_COMMON])
    missing = 1 - len(texts) / len(column) if len(column) else 0.0
    return Categories(missing, common, len(texts) - sum(common.values()))


def _texts(values: Any) -> list[str]:
    """What is there, as texts."""
    import pandas as pd

    return [str(value)[:_LONGEST] for value in pd.Series(values, dtype=object) if not _is_missing(value)]


def _is_missing(value: Any) -> bool:
    import pandas as pd

    found = pd.isna(value)
    return bool(found) if isinstance(found, (bool, np.bool_)) else False
