from __future__ import annotations

import pytest

from mlflow.artifacts.content import content_disposition, content_type, safety_headers
from mlflow.artifacts.paths import ArtifactPath
from mlflow.artifacts.ranges import UNSATISFIABLE, byte_range, http_date, is_unchanged
from mlflow.artifacts.store import FileStat

STAT = FileStat(ArtifactPath(("a",)), size=10, modified=1_700_000_000.5, etag="tag")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.json", "text/plain"),
        ("conda.yaml", "text/plain"),
        ("MLmodel", "text/plain"),
        ("a.CSV", "text/plain"),
        ("a.ipynb", "text/plain"),
        ("a.html", "text/html"),
        ("a.svg", "image/svg+xml"),
        ("a.png", "image/png"),
        ("a.pdf", "application/pdf"),
        ("a.tar.gz", "application/x-tar"),
        ("a.bin", "application/octet-stream"),
        ("noname", "application/octet-stream"),
    ],
)
def test_type_follows_the_name(name: str, expected: str) -> None:
    assert content_type(name) == expected


@pytest.mark.parametrize("name", ["page.html", "drawing.svg", "MLmodel", "x.bin", "x.xml", "x.js"])
def test_what_could_run_is_a_download(name: str) -> None:
    assert content_disposition(name) == f"attachment; filename={name}"


@pytest.mark.parametrize("name", ["a.png", "a.pdf", "a.mp4", "a.wav"])
def test_media_may_be_shown_in_place(name: str) -> None:
    assert content_disposition(name) == f"inline; filename={name}"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a b.txt", 'attachment; filename="a b.txt"'),
        ('a"b.txt', "attachment; filename=\"a_b.txt\"; filename*=UTF-8''a%22b.txt"),
        (
            "a\r\nSet-Cookie: x.txt",
            "attachment; filename=\"a__Set-Cookie: x.txt\"; filename*=UTF-8''a%0D%0ASet-Cookie%3A%20x.txt",
        ),
        ("図.txt", "attachment; filename=\"_.txt\"; filename*=UTF-8''%E5%9B%B3.txt"),
    ],
    ids=["space", "quote", "line break", "unicode"],
)
def test_name_cannot_break_out_of_its_header(name: str, expected: str) -> None:
    assert content_disposition(name) == expected


def test_artifact_is_sandboxed() -> None:
    headers = safety_headers()
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=5-", (5, 10)),
        ("bytes=5-99", (5, 10)),
        ("bytes=-3", (7, 10)),
        ("bytes=-99", (0, 10)),
        ("bytes=10-", UNSATISFIABLE),
        ("bytes=-0", UNSATISFIABLE),
        ("bytes=5-4", None),
        ("bytes=-", None),
        ("bytes=0-1,3-4", None),
        ("", None),
    ],
)
def test_range_is_read(sent: str, expected: tuple[int, int] | None) -> None:
    assert byte_range({"range": sent}, STAT) == expected


def test_range_counts_only_for_the_same_file() -> None:
    asked = {"range": "bytes=1-2"}
    assert byte_range(asked | {"if-range": '"tag"'}, STAT) == (1, 3)
    assert byte_range(asked | {"if-range": http_date(STAT.modified)}, STAT) == (1, 3)
    assert byte_range(asked | {"if-range": '"other"'}, STAT) is None


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"if-none-match": '"tag"'}, True),
        ({"if-none-match": 'W/"tag", "b"'}, True),
        ({"if-none-match": "*"}, True),
        ({"if-none-match": '"other"', "if-modified-since": http_date(STAT.modified)}, False),
        ({"if-modified-since": http_date(STAT.modified)}, True),
        ({"if-modified-since": http_date(STAT.modified - 60)}, False),
        ({"if-modified-since": "yesterday"}, False),
        ({}, False),
    ],
)
def test_copy_of_the_client_is_judged(headers: dict[str, str], expected: bool) -> None:
    assert is_unchanged(headers, STAT) is expected
