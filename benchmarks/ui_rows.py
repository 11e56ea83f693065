"""The table's rows about the web UI: its budgets in a browser, and those of the endpoints that it asks."""

from benchmarks.row import Row

SERVER = "its server, 100,000 runs"

UI_ROWS = (
    Row("ext_columns", f"{SERVER}: keys", "ms", 20),
    Row("ext_columns_first", f"{SERVER}: keys, the first question", "ms", 20),
    Row("ext_values_few", f"{SERVER}: values of a param with 10", "ms", 30),
    Row("ext_values_many", f"{SERVER}: values of a param with 100,000", "ms", 30),
    Row("ext_values_prefix", f"{SERVER}: values that begin with a text", "ms", 30),
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
    Row("ext_runs", "its server: 100 runs by their ids", "ms", 50),
    Row("ext_summaries", "its server: figures of 100 runs", "ms", 50),
    Row("ext_models", f"{SERVER}: logged models", "ms", 50),
    Row("ext_opening", f"{SERVER}: what an experiment begins with", "ms"),
    Row("ext_views", f"{SERVER}: views", "ms", 10),
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
