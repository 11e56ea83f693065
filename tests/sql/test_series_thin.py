from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlflow.sql.series.thin import located, thinned

# what get-history-bulk-interval of MLflow 3.17.2 answered for n points, steps 0 to n-1, and max_results
OBSERVED = {
    (1, 1): [0],
    (2, 1): [1],
    (3, 2): [0, 2],
    (5, 3): [0, 2, 4],
    (5, 4): [0, 2, 3, 4],
    (5, 6): [0, 1, 2, 3, 4],
    (7, 5): [0, 2, 4, 5, 6],
    (10, 1): [9],
    (10, 3): [0, 4, 9],
    (10, 6): [0, 2, 4, 6, 8, 9],
    (10, 7): [0, 2, 4, 6, 7, 8, 9],
    (10, 9): [0, 2, 3, 4, 5, 6, 7, 8, 9],
    (17, 3): [0, 6, 16],
    (17, 7): [0, 3, 6, 9, 11, 13, 16],
    (18, 7): [0, 3, 6, 9, 12, 14, 17],
    (100, 8): [0, 13, 26, 39, 52, 64, 76, 99],
    (101, 9): [0, 12, 24, 35, 46, 57, 68, 79, 100],
    (1000, 11): [0, 91, 182, 273, 364, 455, 546, 637, 728, 819, 999],
    (2600, 7): [0, 372, 744, 1116, 1487, 1858, 2599],
}


@pytest.mark.parametrize(("sizes", "kept"), OBSERVED.items(), ids=[f"{n} to {most}" for n, most in OBSERVED])
def test_thinning_keeps_the_points_mlflow_keeps(sizes: tuple[int, int], kept: list[int]) -> None:
    assert thinned(*sizes).tolist() == kept


@given(st.integers(0, 5000), st.integers(1, 2500))
def test_thinning_keeps_both_ends_and_no_more_than_asked(count: int, most: int) -> None:
    kept = thinned(count, most).tolist()
    assert len(kept) == min(count, most)
    assert kept == sorted(set(kept))
    if count:
        assert kept[-1] == count - 1
        assert kept[0] == (0 if most > 1 else count - 1)


def test_thinning_to_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        thinned(5, 0)


@given(st.lists(st.integers(0, 9), max_size=12), st.integers(1, 20))
def test_located_positions_point_at_the_same_points(counts: list[int], most: int) -> None:
    series = np.arange(sum(counts))
    segments = np.split(series, np.cumsum(counts)[:-1]) if counts else []
    kept = thinned(len(series), most)
    found = [int(segments[index][place]) for index, places in located(kept, np.array(counts, int)) for place in places]
    assert found == kept.tolist()
