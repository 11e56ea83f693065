from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlflow.artifacts.paths import ArtifactPath, Location
from mlflow.exceptions import InvalidParameterValue

# What each advisory smuggled, as an artifact path.
ATTACKS = {
    "CVE-2023-1176 absolute path": "/etc/passwd",
    "CVE-2023-1177 file URI": "file:///etc/passwd",
    "CVE-2023-2356 relative path": "../../../etc/passwd",
    "CVE-2023-2780 backslashes": "model\\..\\..\\..\\etc\\passwd",
    "CVE-2023-30172 parent folders within": "model/../../../etc/passwd",
    "CVE-2023-3765 Windows drive": "C:/Windows/win.ini",
    "Windows drive behind a dot": "./C:/Windows/win.ini",
    "backslash behind a dot": ".//\\server\\share",
    "CVE-2023-3765 Windows drive with backslash": "C:\\Windows\\win.ini",
    "CVE-2023-3765 network share": "\\\\server\\share\\x",
    "CVE-2023-6015 write by absolute path": "/tmp/poc",
    "CVE-2023-6018 write into a home folder": "../../home/user/.bashrc",
    "CVE-2023-6753 encoded backslashes": "..%5c..%5cwin.ini",
    "CVE-2023-6831 encoded parent on delete": "%2e%2e%5c%2e%2e%5cx",
    "CVE-2023-6909 parent in a query": "x?/../../etc/passwd",
    "CVE-2023-6975 parent on write": "a/../../b",
    "CVE-2023-6976 upload anywhere": "%2Fetc%2Fcron.d%2Fx",
    "CVE-2023-6977 encoded slashes": "..%2f..%2fetc%2fpasswd",
    "CVE-2024-1483 fragment": "x#/../../etc/passwd",
    "CVE-2024-1560 double encoding": "%252e%252e%252fx",
    "CVE-2024-1560 treble encoding": "%25252e%25252e%25252fx",
    "CVE-2024-1593 parameters": "x;/../../etc/passwd",
    "CVE-2024-1594 encoded fragment": "x%23y",
    "CVE-2024-2928 parent in a fragment": "x#../../etc/passwd",
    "CVE-2024-3573 file scheme in capitals": "FILE:/etc/passwd",
    "CVE-2024-3848 fragment after encoding": "%2523x",
    "CVE-2024-8859 parent in parameters": "dbfs;a=/../../etc/passwd",
    "CVE-2025-11201 parent at the end": "model/..",
    "CVE-2026-2033 mixed separators": "a/..\\../b",
    "NUL character": "a\x00b",
    "encoded NUL character": "a%00b",
    "encoded file URI": "%66ile:///etc/passwd",
    "endless encoding": "%" + "25" * 20 + "2e",
    "surrogate": "a\ud800b",
    "staging folder": ".mlflow-staging/uploads/x/data",
    "staging folder in capitals": ".MLflow-Staging/x",
    "temporary file": "a/.mlflow-tmp-00",
    "far too deep": "a/" * 300 + "b",
    "far too long": "a" * 5000,
}

ACCEPTED = {
    "plain": ("model/MLmodel", ("model", "MLmodel")),
    "double slash": ("a//b", ("a", "b")),
    "current folder": ("./a/./b/", ("a", "b")),
    "question mark": ("a?b", ("a?b",)),
    "colon": ("metrics:loss/x", ("metrics:loss", "x")),
    "semicolon": ("a;b", ("a;b",)),
    "unicode": ("données/図.png", ("données", "図.png")),
    "percent sign": ("100%", ("100%",)),
    "encoded space stays as it is": ("a%20b", ("a%20b",)),
    "three dots": (".../a..b", ("...", "a..b")),
    "backslash": ("a\\b", ("a\\b",)),
    "root": ("", ()),
    "absent": (None, ()),
}


@pytest.mark.parametrize("text", ATTACKS.values(), ids=ATTACKS.keys())
def test_path_that_could_leave_the_root_is_refused(text: str) -> None:
    with pytest.raises(InvalidParameterValue, match="Invalid path"):
        ArtifactPath.parse(text)


@pytest.mark.parametrize(("text", "parts"), ACCEPTED.values(), ids=ACCEPTED.keys())
def test_ordinary_path_is_normalised(text: str | None, parts: tuple[str, ...]) -> None:
    assert ArtifactPath.parse(text).parts == parts


@given(st.text(alphabet=st.sampled_from(list("ab./\\%25ecf:#?;\x00")), max_size=24))
def test_no_text_yields_a_name_that_leads_anywhere_else(text: str) -> None:
    try:
        path = ArtifactPath.parse(text)
    except InvalidParameterValue:
        return
    assert not {"", ".", ".."} & set(path.parts)
    assert not any("/" in part or "\x00" in part for part in path.parts)
    assert ArtifactPath.parse(str(path)) == path


@pytest.mark.parametrize("text", ["", "/", "a/", "./"], ids=["empty", "slash", "trailing slash", "dot"])
def test_file_needs_a_name(text: str) -> None:
    with pytest.raises(InvalidParameterValue):
        ArtifactPath.parse_file(text)


def test_refusal_names_the_value_and_the_remedy() -> None:
    with pytest.raises(InvalidParameterValue) as caught:
        ArtifactPath.parse("../x")
    assert caught.value.message == "Invalid path: '../x' leads to a parent folder; remove '..'."


def test_path_joins_and_splits() -> None:
    path = ArtifactPath.parse("a/b") / "c.txt"
    assert (str(path), path.name, str(path.parent)) == ("a/b/c.txt", "c.txt", "a/b")
    assert ArtifactPath().parent == ArtifactPath()


LOCATIONS = {
    "bucket": ("s3://bucket/a/b", "s3", "bucket", "a/b", "s3://bucket/a/b"),
    "bucket alone": ("s3://bucket", "s3", "bucket", "", "s3://bucket/"),
    "proxied": ("mlflow-artifacts:/1/run", "mlflow-artifacts", "", "1/run", "mlflow-artifacts:/1/run"),
    "proxied without slash": ("mlflow-artifacts:1/run", "mlflow-artifacts", "", "1/run", "mlflow-artifacts:/1/run"),
    "proxied with three slashes": ("mlflow-artifacts:///1", "mlflow-artifacts", "", "1", "mlflow-artifacts:/1"),
    "proxied with a host": ("mlflow-artifacts://h:1/x", "mlflow-artifacts", "h:1", "x", "mlflow-artifacts://h:1/x"),
    "address": ("https://h:8/a%20b/c", "https", "h:8", "a b/c", "https://h:8/a%20b/c"),
    "local": ("/tmp/x", "file", "", "tmp/x", "/tmp/x"),
    "file URI": ("file:///tmp/a%20b", "file", "", "tmp/a b", "/tmp/a b"),
    "file URI with one slash": ("file:/tmp/x", "file", "", "tmp/x", "/tmp/x"),
    "file URI of this host": ("file://localhost/tmp/x", "file", "", "tmp/x", "/tmp/x"),
}


@pytest.mark.parametrize(("text", "scheme", "host", "path", "uri"), LOCATIONS.values(), ids=LOCATIONS.keys())
def test_location_is_parsed_once(text: str, scheme: str, host: str, path: str, uri: str) -> None:
    location = Location.parse(text)
    assert (location.scheme, location.host, str(location.path), location.uri) == (scheme, host, path, uri)


def test_relative_path_starts_in_the_working_folder(
    tmp_path: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(str(tmp_path))
    assert str(Location.parse("runs").folder) == f"{tmp_path}/runs"


BAD_LOCATIONS = {
    "CVE-2024-3573 file URI of another host": "file://attacker/etc",
    "CVE-2023-2780 encoded parent in a file URI": "file:///tmp/%2e%2e/etc",
    "CVE-2023-2780 backslash parent in a file URI": "file:///tmp/..\\..\\etc",
    "CVE-2024-1560 double encoding in a file URI": "file:///tmp/%252e%252e/etc",
    "CVE-2024-1483 fragment in a file URI": "file:///tmp#/../etc",
    "CVE-2023-6909 query in an address": "http://h/x?/../../etc",
    "CVE-2024-1594 fragment in an address": "http://h/x#/../../etc",
    "CVE-2023-2356 parent in a bucket": "s3://bucket/../other",
    "CVE-2023-2356 parent behind the proxy": "mlflow-artifacts:/../x",
    "encoded parent behind the proxy": "mlflow-artifacts:/%2e%2e/x",
    "host with a fragment": "http://h#x/y",
    "host with a backslash": "http://h\\x/y",
    "NUL character": "/tmp/\x00",
}


@pytest.mark.parametrize("text", BAD_LOCATIONS.values(), ids=BAD_LOCATIONS.keys())
def test_location_with_a_second_meaning_is_refused(text: str) -> None:
    with pytest.raises(InvalidParameterValue):
        Location.parse(text)
