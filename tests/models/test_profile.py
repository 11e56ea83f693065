"""PSI, KS and missing rates against SciPy and figures computed by hand."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ks_2samp

from mlflow.exceptions import InvalidParameterValue
from mlflow.models.drift import ks_statistic, psi
from mlflow.models.profile import Categories, Numbers, column_profile, profile_of, read_profile

NUMBERS = st.lists(st.floats(-1e6, 1e6) | st.integers(-3, 3).map(float), min_size=1, max_size=30)
NOISE = np.random.default_rng(5)


@settings(deadline=None, max_examples=30)
@given(before=NUMBERS, after=NUMBERS)
def test_ks_is_that_of_scipy(before: list[float], after: list[float]) -> None:
    with np.errstate(all="ignore"):  # the p-value of few values divides by zero
        expected = ks_2samp(before, after, method="asymp").statistic
    assert ks_statistic(sorted(before), after) == pytest.approx(expected)


def test_ks_against_the_quantiles_of_many_values_is_close_to_that_of_all() -> None:
    before, after = NOISE.normal(size=50_000), NOISE.normal(0.3, 1.2, size=4_000)
    found = column_profile(before).drift(after)["ks"]
    assert found == pytest.approx(ks_2samp(before, after).statistic, abs=1e-3)


def test_psi_is_the_sum_that_its_definition_says() -> None:
    expected = (0.5 - 0.25) * math.log(0.5 / 0.25) + (0.5 - 0.75) * math.log(0.5 / 0.75)
    assert psi([25, 75], [10, 10]) == pytest.approx(expected)
    assert psi([25, 75], [1, 3]) == 0
    assert psi([1, 1], [2, 0]) == pytest.approx(0.5 * math.log(2) + (1e-4 - 0.5) * math.log(1e-4 / 0.5))
    assert math.isnan(psi([1, 1], [0, 0]))


def test_bins_are_the_tenths_of_the_baseline() -> None:
    profile = column_profile(np.arange(1000.0))
    assert isinstance(profile, Numbers)
    assert profile.counts == [100] * 10
    shares = np.array([0.5, 0.5] + [1e-4] * 8)
    by_hand = float(np.sum((shares - 0.1) * np.log(shares / 0.1)))
    assert profile.drift(np.arange(200.0))["psi"] == pytest.approx(by_hand)


@pytest.mark.parametrize("shift", [0.0, 0.5, 2.0])
def test_drift_is_found_in_shifted_numbers_and_in_no_others(shift: float) -> None:
    drift = column_profile(NOISE.normal(size=5_000)).drift(NOISE.normal(shift, 1, size=2_000))
    assert (drift["psi"] > 0.1) is (shift > 0)
    assert (drift["ks"] > 0.1) is (shift > 0)


def test_numbers_of_few_values_are_counted_one_by_one() -> None:
    profile = column_profile(np.repeat([0.0, 1.0], [900, 100]))
    assert profile.drift(np.repeat([0.0, 1.0], [90, 10]))["psi"] == pytest.approx(0)
    assert profile.drift(np.repeat([0.0, 1.0], [50, 50]))["psi"] > 0.5
    assert profile.drift(np.full(10, 2.0))["psi"] > 5
    assert profile.drift(np.full(10, -2.0))["psi"] > 5


def test_categories_are_compared_by_their_shares_and_new_ones_are_others() -> None:
    profile = column_profile(pd.Series(["a"] * 60 + ["b"] * 40, dtype=object))
    assert isinstance(profile, Categories)
    assert profile.drift(pd.Series(["a"] * 6 + ["b"] * 4))["psi"] == pytest.approx(0)
    found = profile.drift(pd.Series(["a", "b", "c", None]))
    third = 1 / 3
    by_hand = (third - 0.6) * math.log(third / 0.6) + (third - 0.4) * math.log(third / 0.4)
    assert found["psi"] == pytest.approx(by_hand + (third - 1e-4) * math.log(third / 1e-4))
    assert found["missing"] == 0.25
    assert "ks" not in found


@pytest.mark.parametrize(
    ("column", "missing"),
    [
        pytest.param(pd.Series([1.0, None, 3.0, float("nan")]), 0.5, id="floats"),
        pytest.param(pd.Series([1, None], dtype="Int64"), 0.5, id="nullable integers"),
        pytest.param(pd.Series([None, 2, 3.5], dtype=object), 1 / 3, id="numbers as objects"),
        pytest.param(pd.Series([None, None], dtype=object), 1.0, id="nothing"),
        pytest.param(pd.to_datetime(pd.Series(["2024-01-02", None])), 0.5, id="times"),
        pytest.param(pd.Series(["x", None, "y"]), 1 / 3, id="texts"),
        pytest.param(pd.Series([True, None, False], dtype=object), 1 / 3, id="booleans"),
        pytest.param(pd.Series([[1], None], dtype=object), 0.5, id="lists"),
        pytest.param(pd.Series([], dtype=float), 0.0, id="no rows"),
    ],
)
def test_missing_values_are_counted_in_columns_of_any_type(column: pd.Series, missing: float) -> None:
    profile = column_profile(column)
    assert profile.missing == pytest.approx(missing)
    if len(column):
        assert profile.drift(column)["missing"] == pytest.approx(missing)


def test_times_drift_as_numbers_do() -> None:
    days = pd.Series(pd.date_range("2024-01-01", periods=365))
    assert column_profile(days).drift(days)["ks"] == 0
    assert column_profile(days).drift(days + pd.Timedelta(days=400))["ks"] == 1
    assert column_profile(days).drift(days.dt.tz_localize("UTC"))["ks"] == 0


def test_infinities_and_texts_among_numbers_break_nothing() -> None:
    profile = column_profile([1.0, float("inf"), float("-inf"), 2.0])
    assert profile.drift(pd.Series(["1", "x", float("inf")], dtype=object))["missing"] == pytest.approx(1 / 3)


def test_a_profile_survives_its_file() -> None:
    frame = pd.DataFrame({"age": NOISE.normal(size=3_000), "city": ["a", "b", None] * 1_000, 7: True})
    profile = profile_of(frame, {"prediction": frame["age"] > 0})
    assert list(profile.columns) == ["age", "city", "7"]
    assert read_profile(profile.to_json().encode(), "profile.json") == profile
    assert len(profile.to_json()) < 60_000
    with pytest.raises(InvalidParameterValue, match=r"'other\.json' is no profile"):
        read_profile(b'{"rows": "many"}', "other.json")
