"""The benchmark's own arithmetic and load generator, so that its figures can be believed."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from benchmarks.figures import Figures
from benchmarks.loads import Connection, ask, call, drive, post
from benchmarks.report import cells, markdown
from benchmarks.rows import PUBLISHED, ROWS, THIS, Row

FASTER = Row("speed", "speed", "requests/s", 100, more=True)
SHORTER = Row("time", "time", "ms", 10)
RELATIVE = Row("import", "import", "s", ratio=30)


class Handler(BaseHTTPRequestHandler):
    """Answers 200 with the body it was sent; refuses ``bad``, and hangs up on ``drop``."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path.endswith("drop"):
            self.close_connection = True
            return
        self.send_response(400 if self.path.endswith("bad") else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        return


@pytest.fixture
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


def test_load_generator_counts_answers_refusals_and_dropped_connections(port: int) -> None:
    requests = [post("echo", {"n": n}, port) for n in range(40)]
    requests[5:5] = [post("bad", {}, port), post("drop", {}, port)]
    load = drive(port, requests, connections=4, seconds=20, keep=True)
    assert (load.answered, load.refused) == (40, 2)
    assert sorted(load.bodies) == sorted(b'{"n": %d}' % n for n in range(40))
    assert load.silence <= load.seconds


def test_every_answer_has_its_latency(port: int) -> None:
    requests = [post("echo", n, port) for n in range(20)] + [post("bad", {}, port)]
    load = drive(port, requests, connections=4, seconds=20)
    assert len(load.latencies) == 20
    assert 0 < min(load.latencies) <= load.quantile(0.5) <= load.quantile(0.99) <= load.quantile(1.0) <= load.seconds


def test_large_bodies_go_and_come_whole(port: int) -> None:
    text = "x" * 3_000_000
    load = drive(port, [post("echo", {"text": text}, port)] * 4, connections=2, seconds=20, keep=True)
    assert [len(body) for body in load.bodies] == [len(text) + len('{"text": ""}')] * 4


def test_questions_share_a_connection_and_a_refusal_raises(port: int) -> None:
    answers = ask(Connection(port), [post("echo", n, port) for n in range(3)])
    assert [body for _, body in answers] == [b"0", b"1", b"2"]
    with pytest.raises(RuntimeError, match="answered with 400"):
        call(port, post("bad", {}, port))


def measured(row: Row, this: float, published: float) -> Figures:
    figures = Figures()
    for value in (this, this * 100, this / 100):
        figures.add(row.key, THIS, value)
    figures.add(row.key, PUBLISHED, published, "scaled × 2")
    return figures


@pytest.mark.parametrize(
    ("row", "this", "published", "ratio", "met"),
    [
        pytest.param(FASTER, 200, 20, 10, True, id="more is better"),
        pytest.param(FASTER, 99, 990, 0.1, False, id="more is better, but it is less"),
        pytest.param(SHORTER, 5, 50, 10, True, id="less is better"),
        pytest.param(SHORTER, 11, 22, 2, False, id="less is better, but it is more"),
        pytest.param(RELATIVE, 1, 30, 30, True, id="relative goal reached"),
        pytest.param(RELATIVE, 1, 29, 29, False, id="relative goal missed"),
    ],
)
def test_figures_are_medians_and_ratios_say_how_many_times_better(
    row: Row, this: float, published: float, ratio: float, met: bool
) -> None:
    figures = measured(row, this, published)
    assert figures.figure(row.key, THIS) == this
    assert figures.ratio(row) == pytest.approx(ratio)
    assert figures.met(row, row.goal) is met


def test_scaled_figures_are_marked_in_the_table() -> None:
    assert "published: scaled × 2" in cells(measured(SHORTER, 5, 50), SHORTER, 10)


def test_other_servers_are_notes_and_those_that_are_missing_say_why() -> None:
    figures = measured(ROWS[0], 0.1, 3)
    figures.add(ROWS[0].key, "Peer", 2.0)
    figures.absent("Other", "it does not install")
    text = markdown(figures, {})
    assert "| Peer 2; published: scaled × 2 |" in text
    assert "Other is not measured: it does not install." in text


def test_unmeasured_rows_stay_out_of_the_markdown() -> None:
    figures = Figures()
    figures.add(ROWS[0].key, THIS, 0.05)
    assert markdown(figures, {}).count("\n") == 3


def test_every_row_has_a_key_of_its_own() -> None:
    assert len({row.key for row in ROWS}) == len(ROWS)
