"""Digests of data files that are read as programs mostly read them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from mlflow.data.digest_utils import compute_numpy_digest, compute_pandas_digest

__all__ = ["plain_digests"]


def plain_digests(path: Path) -> Iterator[str]:
    """The digests that a data set made of this file may have, one for each way to read it; what fails is left out."""
    for read in _READERS.get(path.suffix.lower(), ()):
        with contextlib.suppress(Exception):  # whatever a parser finds wrong: the file is not of this kind
            yield read(path)


def _frame(reader: str, **options: Any) -> Callable[[Path], str]:
    def read(path: Path) -> str:
        import pandas as pd

        return compute_pandas_digest(getattr(pd, reader)(path, **options))

    return read


def _polars(reader: str) -> Callable[[Path], str]:
    def read(path: Path) -> str:
        import polars as pl

        from mlflow.data.polars_dataset import hash_polars_df

        return hash_polars_df(getattr(pl, reader)(path))

    return read


def _array(path: Path) -> str:
    import numpy as np

    return compute_numpy_digest(np.load(path, allow_pickle=False))


def _arrays(path: Path) -> str:
    import numpy as np

    with np.load(path, allow_pickle=False) as found:
        return compute_numpy_digest({name: found[name] for name in found.files})


_TEXT = (_frame("read_csv"), _frame("read_csv", index_col=0), _polars("read_csv"))
_READERS: dict[str, tuple[Callable[[Path], str], ...]] = {
    ".csv": _TEXT,
    ".gz": _TEXT,
    ".tsv": (_frame("read_csv", sep="\t"), _frame("read_csv", sep="\t", index_col=0)),
    ".parquet": (_frame("read_parquet"), _polars("read_parquet")),
    ".feather": (_frame("read_feather"),),
    ".json": (_frame("read_json"), _frame("read_json", lines=True)),
    ".jsonl": (_frame("read_json", lines=True),),
    ".npy": (_array,),
    ".npz": (_arrays,),
}
