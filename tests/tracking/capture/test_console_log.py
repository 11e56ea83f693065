import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlflow.tracking.capture.console_log import ConsoleLog


def applied(pieces: list[tuple[int, bytes]], text: bytearray | None = None) -> bytearray:
    text = bytearray() if text is None else text
    for offset, data in pieces:
        assert offset <= len(text)
        text[offset:] = data
    return text


def log_of(*chunks: bytes, limit: int = 1 << 20) -> bytes:
    log, text = ConsoleLog(limit), bytearray()
    for now, chunk in enumerate(chunks):
        log.feed(1, chunk)
        applied(log.take(now), text)
    return bytes(applied(log.take(len(chunks), final=True), text))


@pytest.mark.parametrize(
    ("chunks", "text"),
    [
        pytest.param([b"a\nb\n"], b"a\nb\n", id="lines"),
        pytest.param([b"10%\r20%\r30%\nx"], b"30%\nx", id="bar"),
        pytest.param([b"10%", b"\r20", b"%\r", b"30%\r", b"\n"], b"30%\n", id="bar in pieces"),
        pytest.param([b"\r1", b"\r2", b"\r3"], b"3", id="bar unfinished"),
        pytest.param([b"dos\r\nunix\n"], b"dos\nunix\n", id="dos"),
        pytest.param([b"dos\r", b"\nx"], b"dos\nx", id="dos in pieces"),
        pytest.param([b"\x1b[31mred\x1b[0m\n"], b"\x1b[31mred\x1b[0m\n", id="ansi"),
        pytest.param([b"\xff\xfe\x00\n"], b"\xff\xfe\x00\n", id="bytes"),
        pytest.param([b"", b"\n\n"], b"\n\n", id="empty"),
    ],
)
def test_the_log_shows_what_a_terminal_shows(chunks: list[bytes], text: bytes) -> None:
    assert log_of(*chunks) == text


def test_sources_do_not_break_each_others_lines() -> None:
    log = ConsoleLog()
    for source, data in [(1, b"out "), (2, b"50%\r"), (1, b"put\n"), (2, b"100%"), (1, b"done\n")]:
        log.feed(source, data)
    assert applied(log.take(0)) == b"out put\ndone\n100%"


@given(st.lists(st.binary(max_size=40).map(lambda data: data.replace(b"\r", b"")), max_size=30), st.integers(20, 400))
def test_short_logs_are_whole_and_long_ones_keep_both_ends(chunks: list[bytes], limit: int) -> None:
    whole = b"".join(chunks)
    text = log_of(*chunks, limit=limit)
    if whole.rfind(b"\n") + 1 <= limit:
        assert text == whole
        return
    lines, rest = whole[: whole.rfind(b"\n") + 1], whole[whole.rfind(b"\n") + 1 :]
    head, tail = limit // 2, limit - limit // 2
    marker = b"\n[... %d bytes left out ...]\n" % (len(lines) - limit)
    assert text == lines[:head] + marker + lines[-tail:] + rest


def test_a_flood_is_sent_no_faster_than_its_allowance() -> None:
    log, sent = ConsoleLog(limit=1 << 20), 0
    for second in range(60):
        log.feed(1, b"x" * 99 + b"\n" + b"y" * (1 << 20))
        sent += sum(len(data) for _, data in log.take(second))
    assert sent <= (1 << 20) + 60 * (256 << 10) + (1 << 20)


def test_an_endless_line_is_not_kept_in_memory() -> None:
    log = ConsoleLog(limit=1000)
    for _ in range(100):
        log.feed(1, b"." * 100_000)
    assert sum(map(len, log._unfinished.values())) <= 1 << 16
    assert len(applied(log.take(0, final=True))) < 2000
