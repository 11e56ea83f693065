"""The table of speeds to reach: what each row measures, in which unit, and its goal."""

from typing import NamedTuple

THIS, PUBLISHED = "this", "published"

SERVER = "its server, 100,000 runs"  # of the web UI


class Row(NamedTuple):
    """One line of the table; with ``more`` a larger figure is better, and ``ratio`` is a goal relative to the other."""

    key: str
    label: str
    unit: str
    goal: float | None = None
    more: bool = False
    ratio: float | None = None


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
    Row("delete_gc", "delete and gc of 500 runs", "s", 1),
    Row("ext_columns", f"{SERVER}: keys", "ms", 20),
    Row("ext_columns_first", f"{SERVER}: keys, the first question", "ms", 20),
    Row("ext_values_few", f"{SERVER}: values of a param with 10", "ms", 30),
    Row("ext_values_many", f"{SERVER}: values of a param with 100,000", "ms", 30),
    Row("ext_values_prefix", f"{SERVER}: values that begin with a text", "ms", 30),
    Row("ext_histogram", f"{SERVER}: a histogram of a metric", "ms", 30),
    Row("ext_parse", f"{SERVER}: whether a filter can be read", "ms", 5),
    Row("ext_query", f"{SERVER}: the first 200 with 25 columns", "ms", 50),
    Row("ext_query_ordered", f"{SERVER}: the same, ordered by a metric", "ms", 50),
    Row("ext_query_deep", f"{SERVER}: 200 in the middle, the order not known yet", "ms"),
    Row("ext_sample", "its server: a chart, 100 runs × 10,000 points in 200 intervals", "ms", 150),
    Row("ext_sample_bytes", "… sent, compressed", "KiB", 100),
    Row("ext_groups", "its server: the same in 10 groups", "ms", 300),
    Row("ext_sparklines", "its server: small lines of 200 runs", "ms", 60),
    Row("ext_matrix", "its server: 12 columns of 10,000 runs", "ms", 300),
    Row("ext_importance", "its server: importance of 12 columns of 10,000 runs", "ms", 300),
    Row("ext_run", "its server: one run", "ms", 50),
    Row("ext_run_opening", "its server: the same with its figures, parents and children", "ms", 50),
    Row("ext_runs", "its server: 100 runs by their ids", "ms", 50),
    Row("ext_summaries", "its server: figures of 100 runs", "ms", 50),
    Row("ext_models", f"{SERVER}: logged models", "ms", 50),
    Row("ext_models_query", "its server, 10,000 logged models: 100 with 5 columns, ordered by a metric", "ms", 50),
    Row("ext_registry_query", "its server, 10,000 registered models: 100 with all that a list shows", "ms", 50),
    Row("ext_opening", f"{SERVER}: what an experiment begins with", "ms"),
    Row("ext_views", f"{SERVER}: views", "ms", 10),
    Row("ext_files", "its server: a folder of 1,000 files", "ms", 50),
    Row("ext_raw", "its server: a file of 1 MiB", "ms", 50),
    Row("ext_table", "its server: 100 rows in the middle of a CSV file of 100,000", "ms", 50),
    Row("ext_log", "its server: the last 10,000 of a log's 200,000 lines", "ms", 50),
    Row("ext_images", "its server: which pictures 100 runs have, 50 each", "ms"),
    Row("ext_event", "its server: from a point's logging to whoever listens", "ms", 1000),
    *(
        row
        for size, time in (("200", 1.0), ("10000", 1.0), ("100000", 1.2))
        for row in (
            Row(f"ui_rows_{size}", f"web UI, {int(size):,} runs: until they are on screen", "s", time),
            Row(f"ui_requests_{size}", f"web UI, {int(size):,} runs: requests", "requests", 8),
            Row(f"ui_bytes_{size}", f"web UI, {int(size):,} runs: sent to an empty cache", "KiB", 400),
        )
    ),
    *(
        row
        for size in ("10000", "100000")
        for row in (
            Row(
                f"ui_afar_{size}",
                f"web UI, {int(size):,} runs: on screen at 10 Mbit/s, 40 ms, a quarter of the processor",
                "s",
                3,
            ),
            Row(f"ui_filter_{size}", f"web UI, {int(size):,} runs: filtered", "ms", 500),
            Row(f"ui_order_{size}", f"web UI, {int(size):,} runs: ordered by a metric", "ms", 500),
            Row(f"ui_jump_{size}", f"web UI, {int(size):,} runs × 30 columns: into the middle", "ms", 300),
            Row(
                f"ui_scroll_wide_{size}",
                f"web UI, {int(size):,} runs × 30 columns: scrolling",
                "frames/s",
                50,
                more=True,
            ),
            Row(f"ui_elements_{size}", f"web UI, {int(size):,} runs × 30 columns: elements", "elements", 1500),
        )
    ),
    Row("ui_scroll", "web UI, 10,000 runs: scrolling", "frames/s", 50, more=True),
    Row("ui_axe", "web UI, table of runs: rules of axe that are broken", "rules", 0),
    Row("ui_skeleton", "web UI, the slowest of its screens, from another: until its frame is there", "ms", 150),
    Row("ui_screen", "web UI, the slowest of its screens, from another: until its data are there", "ms", 400),
    Row("ui_run_page", "web UI, from 10,000 runs to the page of one", "ms", 400),
    Row("ui_parallel_1000", "web UI, parallel axes of 1,000 runs: drawn", "ms", 150),
    Row("ui_parallel_10000", "web UI, parallel axes of 10,000 runs: drawn", "ms", 400),
    Row("ui_charts_1000", "web UI, 100 runs × 1,000 points: a chart's data, first question to last answer", "s", 0.4),
    Row("ui_charts_10000", "web UI, 100 runs × 10,000 points: a chart's data, first question to last answer", "s", 0.4),
    Row("ui_draw", "web UI, 100 runs × 10,000 points: from the answer until it is drawn", "ms", 150),
    Row("ui_hover", "web UI, 100 runs × 10,000 points: the pointer moves over it", "frames/s", 60, more=True),
    Row("ui_zoom", "web UI, 100 runs × 10,000 points: a range is dragged", "frames/s", 30, more=True),
    Row("ui_zoomed", "web UI, 100 runs × 10,000 points: from that until the range is drawn", "ms", 550),
    Row("ui_panels", "web UI, 12 panels × 20 runs: from the last answer until they are drawn", "ms", 500),
    Row("ui_live", "web UI, from a metric's logging until it is on screen", "s", 1),
    Row("ui_heap", "web UI, 100 runs live: memory of its scripts at the end", "MiB", 150),
    Row("ui_heap_growth", "… more than a quarter of the time after its beginning", "MiB", 5),
)
POSTGRESQL_GOALS = {"batch_narrow": 400_000, "batch_wide": 400_000}
