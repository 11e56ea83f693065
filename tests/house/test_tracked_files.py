"""What may stand in the repository: sources, of a readable size, that name no particular machine."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES = 500

# Spelt in pieces, so that this file passes its own test.
MACHINE_PATHS = [f"/{name}/" for name in ("wo" + "rk", "ro" + "ot", "opt/pe" + "ers", "opt/whe" + "els")]
REGISTRY_HOSTS = ["py" + r"pi\.org", "python" + "hosted", r"registry\.npm" + "js", r"deb\.deb" + r"ian\.org"]
FORBIDDEN = re.compile("|".join([*MACHINE_PATHS, *REGISTRY_HOSTS]))
BUILT = re.compile(
    r"\.(db|db-wal|db-shm|sqlite3?|pyc|so|whl|log)$|(^|/)(node_modules|dist|build|site|mlruns|mlartifacts|__pycache__)/"
)
MIGRATION_SAMPLES = "tests/sql/databases/"


def tracked() -> list[str]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in listing.split("\0") if name and (ROOT / name).is_file()]


def texts() -> list[tuple[str, str]]:
    found = []
    for name in tracked():
        content = (ROOT / name).read_bytes()
        if b"\0" not in content[:8000]:
            found.append((name, content.decode("utf-8")))
    return found


def test_no_tracked_file_names_a_machine_path_or_a_package_registry() -> None:
    named = [
        f"{name}:{number}: {line.strip()[:120]}"
        for name, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        if FORBIDDEN.search(line)
    ]
    assert named == []


def test_no_source_file_is_longer_than_a_reader_can_hold() -> None:
    written = (".py", ".ts", ".tsx", ".md")
    sources = [(name, text) for name, text in texts() if name.endswith(written) and ".gen." not in name]
    long = [f"{name}: {lines}" for name, text in sources if (lines := text.count("\n")) > MOST_LINES]
    assert sources
    assert long == []


def test_no_database_or_built_file_is_tracked() -> None:
    assert [name for name in tracked() if BUILT.search(name) and not name.startswith(MIGRATION_SAMPLES)] == []


def test_pins_name_packages_and_versions_only() -> None:
    pin = re.compile(r"^[a-z0-9][a-z0-9._-]*==[A-Za-z0-9.!]+( ; .+)?$")
    files = sorted((ROOT / "constraints").glob("*.txt"))
    lines = [f"{file.name}: {line}" for file in files for line in file.read_text().splitlines() if not pin.match(line)]
    assert files
    assert lines == []


def test_no_merge_was_left_half_done() -> None:
    left = re.compile("^(" + "<" * 7 + "|" + ">" * 7 + ") ", re.MULTILINE)
    assert [name for name, text in texts() if left.search(text)] == []
