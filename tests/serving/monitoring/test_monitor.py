"""Windows, limits, a user's own monitors, and what is stored of requests: without a server."""

import json
import logging
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ks_2samp

from mlflow.exceptions import InvalidParameterValue
from mlflow.models.profile import Profile, profile_of
from mlflow.serving.monitoring.custom import CustomMonitor, load_monitor
from mlflow.serving.monitoring.monitor import Monitor, Report
from mlflow.serving.monitoring.samples import REDACTED, record_line
from mlflow.serving.monitoring.settings import Alert, MonitoringSettings, WindowLength, parse_alert, parse_window
from tests.serving.monitoring.samples import Kept, sample, table, told

TRAINED = table(2_000)


@pytest.fixture(scope="module")
def profile() -> Profile:
    return profile_of(TRAINED, {"prediction": (TRAINED["age"] > 40).astype(float)})


def looked_at(settings: MonitoringSettings, profile: Profile | None, *samples: Any, **how: Any) -> Kept:
    kept = Kept()
    monitor = Monitor(settings, profile, how.pop("custom", ()), kept, **how)
    for one in samples:
        monitor.take(one)
    monitor.close()
    return kept


def test_a_window_of_the_same_data_has_the_statistics_of_scipy_and_no_alert(profile: Profile) -> None:
    came = table(1_000, seed=2)
    kept = looked_at(told(window=WindowLength(rows=1_000)), profile, *(sample(came[n : n + 1]) for n in range(1_000)))
    point = kept.points[0]
    age = ks_2samp(TRAINED["age"], came["age"], method="asymp").statistic
    answers = ks_2samp(TRAINED["age"] > 40, came["age"] > 40, method="asymp").statistic
    assert point["input/ks/age"] == pytest.approx(age)
    assert point["prediction/ks/default"] == pytest.approx(answers)
    assert point["input/missing/city"] == pytest.approx(came["city"].isna().mean())
    assert point["input/missing/age"] == 0
    assert max(value for name, value in point.items() if "/psi/" in name) < 0.1
    assert (point["traffic/requests"], point["traffic/rows"], point["alerts"]) == (1_000, 1_000, 0)
    assert kept.labels == {"mlflow.monitoring.limit.psi": ">0.2", "mlflow.monitoring.alerts": "none"}


def test_shifted_data_is_an_alert_in_numbers_categories_and_predictions(profile: Profile) -> None:
    shifted = table(300, shift=15, seed=3).assign(city="Ulm")
    reports: list[Report] = []
    kept = looked_at(told(window=WindowLength(rows=300)), profile, sample(shifted), tell=reports.append)
    point = kept.points[0]
    assert point["input/ks/age"] == pytest.approx(ks_2samp(TRAINED["age"], shifted["age"], method="asymp").statistic)
    assert reports[0].broken == ["input/psi/age", "input/psi/city", "prediction/psi/default"]
    assert point["alerts"] == 3
    assert reports[0].limits["input/psi/age"] == 0.2
    assert "input/psi/city" in kept.labels["mlflow.monitoring.alerts"]
    assert "(psi>0.2)" in kept.labels["mlflow.monitoring.alerts"]


def test_an_alert_is_over_when_the_data_is_as_before(profile: Profile) -> None:
    kept = looked_at(told(), profile, sample(table(100, shift=30)), sample(table(100, seed=4)))
    assert [point["alerts"] > 0 for point in kept.points] == [True, False]
    assert kept.labels["mlflow.monitoring.alerts"] == "none"


def test_few_rows_are_measured_and_are_no_alert(profile: Profile) -> None:
    kept = looked_at(told(window=WindowLength(seconds=60)), profile, sample(table(20, shift=30)))
    assert kept.points[0]["input/psi/age"] > 1
    assert kept.points[0]["alerts"] == 0


def test_a_column_that_is_not_there_is_missing_in_every_row(profile: Profile) -> None:
    kept = looked_at(told(), profile, sample(table(100).drop(columns="city")))
    assert kept.points[0]["input/missing/city"] == 1
    assert "input/psi/city" not in kept.points[0]


def test_columns_that_the_baseline_lacks_make_no_metrics(profile: Profile) -> None:
    kept = looked_at(told(), profile, sample(table(100).assign(**{f"made up {n}": 1 for n in range(50)})))
    assert not [name for name in kept.points[0] if "made up" in name]


def test_variants_are_told_apart_in_predictions(profile: Profile) -> None:
    came = table(50)
    rows = [sample(came, variant="old"), sample(came, [1.0] * 50, variant="new")]
    point = looked_at(told(), profile, *rows).points[0]
    assert point["prediction/psi/old"] < 0.2 < point["prediction/psi/new"]


def test_windows_end_by_rows_or_by_time(profile: Profile) -> None:
    kept = looked_at(told(), profile, *[sample(table(40))] * 5)
    assert [point["traffic/rows"] for point in kept.points] == [120, 80]
    now, kept = 0.0, Kept()
    monitor = Monitor(told(window=WindowLength(seconds=60)), profile, (), kept, clock=lambda: now)
    for now in (0.0, 30.0, 61.0, 62.0, 130.0, 200.0):
        monitor.tick()
        if now != 130.0:
            monitor.take(sample(table(1)))
    assert [point["traffic/requests"] for point in kept.points] == [2, 2]  # an empty window is none


def test_failures_count_and_need_no_body(profile: Profile) -> None:
    wrong = sample(table(1), status=400, failed=True, body=b"", answer=b"", seconds=0.5)
    point = looked_at(told(), profile, sample(table(3)), wrong).points[0]
    assert point["traffic/failure_rate"] == 0.5
    assert point["traffic/rows"] == 3
    assert point["traffic/seconds_mean"] == pytest.approx(0.255)


def test_without_a_baseline_there_is_traffic_and_no_drift() -> None:
    assert set(looked_at(told(), None, sample(table(100))).points[0]) == {
        *("traffic/requests", "traffic/rows", "traffic/failure_rate", "traffic/seconds_mean", "traffic/seconds_p99"),
        *("traffic/version/default", "alerts"),
    }


def test_a_monitor_of_ones_own_gets_rows_answers_and_facts(profile: Profile) -> None:
    seen: list[pd.DataFrame] = []

    def rate(frame: pd.DataFrame) -> dict[str, float]:
        seen.append(frame)
        return {"positive rate": frame["prediction"].mean()}

    custom = [CustomMonitor("mine:rate", rate), CustomMonitor("mine:rows", len), CustomMonitor("mine:none", print)]
    came = table(100)
    alerts = (parse_alert("monitor/positive rate<0.9"),)
    kept = looked_at(told(alerts=alerts), profile, sample(came), custom=custom)
    assert kept.points[0]["monitor/positive rate"] == pytest.approx((came["age"] > 40).mean())
    assert kept.points[0]["monitor/rows"] == 100
    assert kept.points[0]["alerts"] == 1
    assert {"age", "city", "prediction", "mlflow.variant", "mlflow.request_id", "mlflow.at"} <= set(seen[0].columns)


def test_a_monitor_that_fails_is_told_once_and_the_others_go_on(
    profile: Profile, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(frame: pd.DataFrame) -> Any:
        raise KeyError("no such column")

    custom = [CustomMonitor("broken", broken), CustomMonitor("odd", lambda frame: "many"), CustomMonitor("rows", len)]
    with caplog.at_level(logging.WARNING):
        kept = looked_at(told(), profile, *[sample(table(100))] * 2, custom=custom)
    assert [point["monitor/rows"] for point in kept.points] == [100, 100]
    assert len([line for line in caplog.messages if "monitor 'broken'" in line]) == 1
    assert "'many'" in caplog.text


@pytest.mark.parametrize("name", ["no.such.module:f", "json:nothing", "json:__doc__", "no-entry-point"])
def test_a_monitor_that_cannot_be_loaded_is_refused(name: str) -> None:
    with pytest.raises(InvalidParameterValue, match=name):
        load_monitor(name)


def test_a_monitor_is_found_by_module_and_function() -> None:
    assert load_monitor("statistics:fmean").metrics([1, 2, 3]) == {"monitor/fmean": 2}


class TestStoredRequests:
    """What `--log-requests` stores."""

    def test_nothing_unless_it_is_asked_for(self, profile: Profile) -> None:
        kept = looked_at(told(), profile, sample(table(100).assign(city="SECRET")))
        assert kept.files == {}
        assert "SECRET" not in repr((kept.points, kept.labels))

    def test_a_line_a_request(self, profile: Profile) -> None:
        kept = looked_at(told(log_requests=True), profile, sample(table(2), version="7"), sample(table(1)))
        first, _ = map(json.loads, kept.files["requests/000000.jsonl"].splitlines())
        assert first["inputs"][0]["age"] == pytest.approx(table(2)["age"][0])
        assert first["predictions"] == [float(age > 40) for age in table(2)["age"]]
        assert (first["version"], first["variant"], first["status"]) == ("7", "default", 200)

    def test_a_part_a_window(self, profile: Profile) -> None:
        kept = looked_at(told(log_requests=True), profile, *[sample(table(60))] * 5)
        assert {name: len(lines.splitlines()) for name, lines in kept.files.items()} == {
            "requests/000000.jsonl": 2,
            "requests/000001.jsonl": 2,
            "requests/000002.jsonl": 1,
        }

    @pytest.mark.parametrize(
        "body",
        [
            pytest.param({"dataframe_split": {"columns": ["name", "x"], "data": [["SECRET", 1]]}}, id="split"),
            pytest.param({"dataframe_records": [{"name": "SECRET", "x": 1}]}, id="records"),
            pytest.param({"inputs": {"name": ["SECRET"], "x": [1]}}, id="inputs"),
            pytest.param({"instances": [{"name": "SECRET", "x": 1}]}, id="instances"),
            pytest.param({"inputs": {"x": [1]}, "params": {"name": "SECRET"}}, id="a parameter"),
            pytest.param({"messages": [{"role": "user", "name": "SECRET"}]}, id="chat"),
            pytest.param({"dataframe_records": [{"x": {"name": "SECRET"}}]}, id="nested"),
        ],
    )
    def test_redacted_values_are_in_no_part_of_a_line(self, body: Any) -> None:
        answer = b'{"predictions": [{"name": "SECRET", "score": 1}]}'
        line = record_line(sample(table(1), body=json.dumps(body).encode(), answer=answer), {"name"})
        assert "SECRET" not in line
        assert REDACTED in line
        assert json.loads(line)["predictions"] == [{"name": REDACTED, "score": 1}]

    def test_of_a_failure_there_is_no_body(self) -> None:
        line = record_line(sample(table(1), status=400, body=b"SECRET", answer=b"SECRET"), ())
        assert "SECRET" not in line
        assert json.loads(line)["status"] == 400

    def test_a_store_that_is_away_stops_nothing(self, profile: Profile, caplog: pytest.LogCaptureFixture) -> None:
        class Away(Kept):
            def text(self, content: str, path: str) -> None:
                raise OSError("no space left")

        kept = Away()
        monitor = Monitor(told(log_requests=True), profile, (), kept)
        for _ in range(3):
            monitor.take(sample(table(100)))
        assert len(kept.points) == 3
        assert len([line for line in caplog.messages if "no space left" in line]) == 1


@pytest.mark.parametrize(
    ("text", "length"),
    [("500", WindowLength(rows=500)), ("30s", WindowLength(seconds=30)), ("2h", WindowLength(seconds=7200))],
)
def test_windows_are_rows_or_times(text: str, length: WindowLength) -> None:
    assert parse_window(text) == length


@pytest.mark.parametrize("text", ["", "0", "-5", "5 days", "1.5h", "m"])
def test_a_window_that_is_neither_is_refused(text: str) -> None:
    with pytest.raises(InvalidParameterValue, match=f"'{text}'"):
        parse_window(text)


def test_alerts_are_limits_of_a_metric_or_of_a_statistic() -> None:
    assert parse_alert(" input/psi/age > 0.3") == Alert("input/psi/age", ">", 0.3)
    assert parse_alert("monitor/accuracy<.9") == Alert("monitor/accuracy", "<", 0.9)
    assert parse_alert("psi>0.1").concerns("prediction/psi/default")
    assert not parse_alert("psi>0.1").concerns("input/ks/psi")
    assert not parse_alert("psi>0.1").is_broken(float("nan"))
    for wrong in ("psi", "psi=1", "psi>", "psi>x", ">1", "a>1>2"):
        with pytest.raises(InvalidParameterValue, match="The alert is"):
            parse_alert(wrong)


def test_a_metrics_own_limit_counts_before_that_of_its_statistic(profile: Profile) -> None:
    alerts = (parse_alert("psi>0.2"), parse_alert("input/psi/age>100"))
    kept = looked_at(told(alerts=alerts), profile, sample(table(100, shift=30)))
    assert "input/psi/age" not in kept.labels["mlflow.monitoring.alerts"]


@pytest.mark.parametrize("rate", [0, -0.1, 1.5, float("nan")])
def test_a_sample_rate_is_a_share(rate: float) -> None:
    with pytest.raises(InvalidParameterValue, match="sample rate"):
        told(sample_rate=rate)


def test_tables_without_names_and_tensors_are_looked_at_by_position() -> None:
    rows = np.random.default_rng(0).normal(size=(100, 2))
    profile = profile_of(pd.DataFrame(rows, columns=["0", "1"]), {"prediction.0": rows[:, 0]})
    body = json.dumps({"inputs": rows.tolist()}).encode()
    answer = json.dumps({"predictions": rows.tolist()}).encode()
    point = looked_at(told(), profile, sample(table(1), body=body, answer=answer)).points[0]
    assert point["input/ks/0"] == point["input/ks/1"] == point["prediction/ks/default/0"] == 0


class TestAnotherVersion:
    """An alias moves: requests are compared with what the version that answers them was trained on."""

    def test_has_a_baseline_and_windows_of_its_own(self, profile: Profile) -> None:
        shifted = table(2_000, shift=30)
        asked: list[str] = []

        def follow(version: str) -> Profile:
            asked.append(version)
            return profile_of(shifted, {"prediction": (shifted["age"] > 40).astype(float)})

        before, after = table(200, seed=5), table(200, shift=30, seed=6)
        came = [sample(before), sample(after, version="2"), sample(before), sample(after, version="2")]
        kept = looked_at(told(), profile, *came, follow=follow)
        assert [point["traffic/version/default"] for point in kept.points] == [1, 2, 1, 2]
        assert [point["alerts"] for point in kept.points] == [0] * 4
        assert asked == ["2"]
        assert kept.labels["mlflow.monitoring.versions"] == "default=2"

    def test_of_a_challenger_has_windows_of_its_own_and_the_same_baseline(self, profile: Profile) -> None:
        def follow(version: str) -> Profile:
            raise AssertionError(version)

        came = [sample(table(60)), sample(table(60), variant="new"), sample(table(60), variant="new", version="2")]
        kept = looked_at(told(), profile, *came, sample(table(60)), follow=follow)
        assert [point["traffic/rows"] for point in kept.points] == [120, 120]
        assert all("input/psi/age" in point for point in kept.points)

    def test_is_done_with_when_it_answers_no_more(self, profile: Profile) -> None:
        times, kept = [0.0], Kept()
        monitor = Monitor(told(), profile, (), kept, clock=lambda: times[-1], follow=lambda version: profile)
        monitor.take(sample(table(10)))
        monitor.take(sample(table(20), version="2"))
        for now in (30.0, 59.0, 61.0):
            times.append(now)
            monitor.tick()
        assert [point["traffic/rows"] for point in kept.points] == [10]
        monitor.take(sample(table(20)))  # the alias moved back
        monitor.close()
        assert [point["traffic/version/default"] for point in kept.points] == [1, 2, 1]

    def test_whose_baseline_cannot_be_found_now_is_asked_for_again(
        self, profile: Profile, caplog: pytest.LogCaptureFixture
    ) -> None:
        answers: list[Profile] = []

        def follow(version: str) -> Profile:
            if not answers:
                answers.append(profile)
                raise OSError("the registry is away")
            return profile

        kept = looked_at(told(), profile, sample(table(5)), *[sample(table(100), version="2")] * 2, follow=follow)
        drifted = ["input/psi/age" in point for point in kept.points if point["traffic/version/default"] == 2]
        assert drifted == [False, True]
        assert "the registry is away" in caplog.text
