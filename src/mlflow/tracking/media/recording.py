"""Sound and film that exist already: files and bytes, known by their first bytes."""

from __future__ import annotations

from pathlib import Path

from mlflow.tracking.media.failures import InvalidMedia

__all__ = ["read_recording", "sniff"]

_PREFIXES = (
    (b"fLaC", "flac"),
    (b"OggS", "ogg"),
    (b"ID3", "mp3"),
    (b"\xff\xfb", "mp3"),
    (b"\xff\xf3", "mp3"),
    (b"\xff\xf1", "aac"),
    (b"GIF8", "gif"),
    (b"\x1aE\xdf\xa3", "webm"),
    (b"\x89PNG", "png"),
)


def sniff(head: bytes) -> str | None:
    """The usual extension of a container format, from a file's first 12 bytes or more; None for an unknown one."""
    if head[:4] == b"RIFF":
        return {b"WAVE": "wav", b"WEBP": "webp", b"AVI ": "avi"}.get(head[8:12])
    if head[4:8] == b"ftyp":
        return "m4a" if head[8:11] == b"M4A" else "mp4"
    return next((extension for prefix, extension in _PREFIXES if head.startswith(prefix)), None)


def read_recording(name: str, given: str | Path | bytes, kinds: frozenset[str]) -> tuple[bytes | Path, str]:
    """What to store for a path or bytes, and the extension for it.

    Raises:
        InvalidMedia: the format is not among `kinds`, or the file cannot be read.
    """
    content = Path(given) if isinstance(given, str) else given
    try:
        extension = sniff(content[:12] if isinstance(content, bytes) else _head(content))
    except OSError as exc:
        raise InvalidMedia(f"'{given!s}' cannot be read: {exc.strerror}. Check the path.") from exc
    if extension not in kinds:
        raise InvalidMedia(f"The bytes for '{name}' are in no known format. Give one of {', '.join(sorted(kinds))}.")
    return content, extension


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(12)
