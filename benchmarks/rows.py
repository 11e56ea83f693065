"""The table of speeds to reach: what each row measures, in which unit, and its goal."""

from statistics import median

from benchmarks.row import Row
from benchmarks.ui_rows import UI_ROWS

THIS, PUBLISHED = "this", "published"

ROWS = (
    Row("import_time", "`import mlflow`, net of a bare python", "s", ratio=30),
    Row("import_memory", "`import mlflow`, peak memory", "MiB", 60),
    Row("help", "`mlflow --help`", "s", 0.15),
    Row("server_start", "server start until /health, new SQLite database", "s", 1),
    Row("memory_idle", "server memory, all processes, idle", "MiB", 120),
    Row("memory_searched", "server memory, all processes, after searches", "MiB", 250),
    Row("log_metric_median", "`log_metric` through a server, median", "µs", 10),
    Row("log_metric_p99", "`log_metric` through a server, p99", "µs", 50),
    Row("loop_durable", "10 metrics × 10,000 steps, until durable", "s", 0.15),
    Row("loop_readable", "10 metrics × 10,000 steps, until readable on the server", "s", 0.45),
    Row("loop_async", "the same loop, asynchronous, until readable", "s"),
    Row("batch_narrow", "log-batch of 1,000: 10 keys × 100 steps", "points/s", 800_000, more=True),
    Row("batch_wide", "log-batch of 1,000: 1,000 keys × 1", "points/s", 800_000, more=True),
    Row("batch_stall", "log-batch at 64 connections, longest silence", "s", 1),
    Row("single_metric", "single log-metric, 32 connections, durable", "requests/s", 4_000, more=True),
    Row("create_run", "create-run, 32 connections", "requests/s", 1_500, more=True),
    Row("bytes_a_point", "bytes a metric point at rest", "B", 8),
    Row("search_100", "runs/search, 10,000 runs: 100", "ms", 8),
    Row("search_1000", "runs/search, 10,000 runs: 1,000", "ms", 80),
    Row("search_filtered", "runs/search, 10,000 runs: filtered", "ms", 10),
    Row("search_ordered", "runs/search, 10,000 runs: ordered by a metric", "ms", 10),
    Row("search_100_large", "runs/search, 100,000 runs: 100", "ms", 12),
    Row("search_1000_large", "runs/search, 100,000 runs: 1,000", "ms", 90),
    Row("search_filtered_large", "runs/search, 100,000 runs: filtered", "ms", 15),
    Row("search_ordered_large", "runs/search, 100,000 runs: ordered by a metric", "ms", 15),
    Row("registry_models", "registered-models/search, 10,000 models × 10 versions: 100", "ms", 30),
    Row("registry_models_tagged", "registered-models/search, 10,000 models × 10 versions: by tag", "ms", 30),
    Row("registry_versions", "model-versions/search, 100,000 versions: of one model", "ms", 30),
    Row("frame_time", "`search_runs` of 10,000 runs to a DataFrame", "s", 1),
    Row("frame_memory", "`search_runs` of 10,000 runs, the client's peak memory", "MiB", 250),
    Row("history", "history of 1,000,000 points to the client", "s", 0.8),
    Row("chart", "320 chart points out of 1,000,000", "ms", 15),
    Row("artifact_up", "proxied artifact of 1 GiB, `log_artifact`", "MiB/s", 750, more=True),
    Row("artifact_down", "proxied artifact of 1 GiB, `download_artifacts`", "MiB/s", 750, more=True),
    Row("artifact_memory", "server growth while 1 GiB goes up and down", "MiB", 50),
    Row("socket_up", "the same file over a bare socket, up", "MiB/s", more=True),
    Row("socket_down", "the same file over a bare socket, down", "MiB/s", more=True),
    Row("files_up", "1,000 artifacts of 10 KiB, up", "files/s", 1_500, more=True),
    Row("files_down", "1,000 artifacts of 10 KiB, down", "files/s", 1_500, more=True),
    Row("import_sklearn", "`import mlflow.sklearn`", "s"),
    Row("log_model_first", "`sklearn.log_model` through a server, the first of a process", "ms", ratio=10),
    Row("log_model", "`sklearn.log_model` through a server, further ones", "ms", ratio=10),
    Row("load_cold", "`pyfunc.load_model` from a server", "ms", ratio=5),
    Row("load_warm", "`pyfunc.load_model`, kept on this machine", "ms", ratio=5),
    Row("predict_one", "`predict` of 1 row × 30 columns", "ms"),
    Row("predict_one_schema", "… of that, around the estimator", "ms", ratio=5),
    Row("predict_many", "`predict` of 100,000 rows × 30 columns", "ms"),
    Row("predict_many_schema", "… of that, around the estimator", "ms", ratio=5),
    Row("scored_1x1", "scoring server: 1 row, 1 connection", "requests/s", 800, more=True),
    Row("scored_1x16", "scoring server: 1 row, 16 connections", "requests/s", 2_500, more=True),
    Row("scored_1x16_p99", "… of that, p99", "ms", 25),
    Row("scored_1000x1", "scoring server: 1,000 rows, 1 connection", "requests/s", 250, more=True),
    Row("scored_1000x16", "scoring server: 1,000 rows, 16 connections", "requests/s", 250, more=True),
    Row("scored_1000x16_p99", "… of that, p99", "ms", 150),
    Row("scored_start", "scoring server: start until it has answered", "s", 1.8),
    Row("scored_memory", "scoring server: memory after load", "MiB", 220),
    Row("scored_generator", "the load generator's own time, a request of 1 row", "µs"),
    Row("autologging", "autologging of a 200-round fit, added time", "ms"),
    *UI_ROWS,
    Row("delete_gc", "delete and gc of 500 runs", "s", 1),
)
POSTGRESQL_GOALS = {"batch_narrow": 400_000, "batch_wide": 400_000}


class Figures:
    """Samples by (row, product); a figure is the median of its samples."""

    def __init__(self) -> None:
        self.samples: dict[tuple[str, str], list[float]] = {}
        self.notes: dict[tuple[str, str], str] = {}
        self.missing: dict[str, str] = {}

    def add(self, key: str, product: str, value: float, note: str = "") -> None:
        """Keep one sample; ``note`` says what a reader must know, such as ``scaled × 50``."""
        self.samples.setdefault((key, product), []).append(value)
        if note:
            self.notes[key, product] = note

    def absent(self, name: str, why: str) -> None:
        """Say why another server of models is not measured."""
        self.missing[name] = why

    def others(self, key: str) -> list[str]:
        """What else was measured on a row than the two products."""
        return [name for of_row, name in self.samples if of_row == key and name not in {THIS, PUBLISHED}]

    def figure(self, key: str, product: str) -> float | None:
        samples = self.samples.get((key, product))
        return median(samples) if samples else None

    def ratio(self, row: Row) -> float | None:
        """How many times better than the published one; None when either figure is missing."""
        ours, theirs = self.figure(row.key, THIS), self.figure(row.key, PUBLISHED)
        if ours is None or theirs is None or not ours or not theirs:
            return None
        return ours / theirs if row.more else theirs / ours

    def met(self, row: Row, goal: float | None) -> bool | None:
        """Whether this project's figure reaches the goal; None when there is no figure or no goal."""
        ours = self.figure(row.key, THIS)
        if row.ratio is not None:
            ratio = self.ratio(row)
            return None if ratio is None else ratio >= row.ratio
        if ours is None or goal is None:
            return None
        return ours >= goal if row.more else ours <= goal
