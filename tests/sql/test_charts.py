import numpy as np
import pytest

from mlflow.sql.charts import rounded
from mlflow.testing import ChartsSuite


class TestCharts(ChartsSuite):
    """On every kind of database."""


def test_rounded_values_keep_four_digits_and_whatever_a_chart_can_show() -> None:
    offset = np.array([1_000_000.123456, 1_000_000.654321, 1_000_000.123999])
    assert rounded([offset])[0].tolist() == [1_000_000.12346, 1_000_000.65432, 1_000_000.124]
    wide = np.array([0.0, 1.23456e-9, -12345.678, 98765.4321, np.nan])
    (near,) = rounded([wide])
    assert near[:4].tolist() == [0.0, 1.235e-9, -12350.0, 98770.0]
    assert np.isnan(near[4])
    assert rounded([np.array([np.nan, 1.7e308, 5e-324])])[0][1:].tolist() == pytest.approx([1.7e308, 5e-324])
    assert rounded([np.array([123_456_789.0, -987_654_321.0])])[0].tolist() == [123_500_000.0, -987_700_000.0]
    assert rounded([np.array([0.123456789, 0.123456789])])[0].tolist() == [0.1235, 0.1235]
