"""Intervals as text."""

from mlflow.cli.intervals import interval_chart


def test_intervals_share_a_scale_and_show_zero() -> None:
    better, worse, scale = interval_chart([("challenger", 2.0, 4.0, 6.0), ("next", -3.0, -2.0, -1.0)], " pp")
    zero = better.index("|")
    assert zero < better.index("[") < better.index("o") < better.index("]")
    assert worse.index("[") < worse.index("o", 5) < worse.index("]") < worse.index("|") == zero
    assert scale.split() == ["-3", "pp", "0", "6", "pp"]
    assert scale.index("0") == zero


def test_an_interval_of_one_point_is_drawn() -> None:
    assert interval_chart([("a", 0.0, 0.0, 0.0)])[0] == "a  o"
