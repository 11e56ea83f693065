"""Pictures, sound and film that runs logged over steps, told from the names of their files.

`images/<key>+step+<n>+timestamp+<ms>+<id>.png` (older clients wrote % for +), with a small picture beside it that ends
in `+compressed.webp`; `media/<kind>/<key>/step-<n>+<ms>+<id>.<format>`. A key's / is written as ~, by older clients #.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Literal, NamedTuple

from mlflow.artifacts.paths import ArtifactPath
from mlflow.artifacts.store import ArtifactStore
from mlflow.contract.artifacts import MediaSeries

__all__ = ["media_series", "read_media_series"]

Kind = Literal["image", "audio", "video"]

_IMAGE = re.compile(r"images/(.+?)[+%]step[+%](-?\d{1,19})[+%]timestamp[+%](\d{1,19})[+%]([^/]+?)\.(\w+)", re.DOTALL)
_MEDIA = re.compile(r"media/(audio|video)/([^/]+)/step-(-?\d{1,19})\+(\d{1,19})\+[0-9a-f]+\.\w+")
_SMALL = re.compile(r"[+%]compressed\.\w+\Z")
_RECORDED: tuple[Kind, ...] = ("audio", "video")
_AT_ONCE = 8  # runs that are read at the same time, for stores across a network
_DIGITS = re.compile(r"(\d+)")


class _Shot(NamedTuple):
    kind: Kind
    key: str
    step: int
    time: int
    path: str


def media_series(run_id: str, paths: Iterable[str], keys: Collection[str] = ()) -> list[MediaSeries]:
    """What the files at `paths` are, by key; only those of `keys` if there are any."""
    ordered = sorted(paths)
    previews = {_SMALL.sub("", path): path for path in ordered if "compressed." in path and _SMALL.search(path)}
    small = set(previews.values())
    found: dict[tuple[str, Kind], dict[int, _Shot]] = {}
    for path in ordered:
        shot = None if path in small else _shot(path)
        if shot is None or (keys and shot.key not in keys):
            continue
        steps = found.setdefault((shot.key, shot.kind), {})
        before = steps.get(shot.step)
        if before is None or before.time <= shot.time:
            steps[shot.step] = shot
    return [
        _series(run_id, *named, [shots[step] for step in sorted(shots)], previews)
        for named, shots in sorted(found.items(), key=lambda one: (_by_number(one[0][0]), one[0]))
    ]


def read_media_series(
    places: Iterable[tuple[str, ArtifactStore, ArtifactPath]], keys: Collection[str] = ()
) -> list[MediaSeries]:
    """The series of several runs, in their order: each run's id, and the store and path of its artifacts."""
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="media") as threads:
        listed = threads.map(lambda place: (place[0], _files(place[1], place[2])), places)
        return [series for run_id, paths in listed for series in media_series(run_id, paths, keys)]


def _files(store: ArtifactStore, root: ArtifactPath) -> list[str]:
    """The files that may be of a series, with paths from the root."""
    depth = len(str(root)) + 1 if root.parts else 0

    def below(folder: str) -> list[str]:
        return [info.path[depth:] for info in store.list(root / ArtifactPath.parse(folder))]

    kinds = {path for path in below("media") if path.removeprefix("media/") in _RECORDED}
    folders = [folder for kind in sorted(kinds) for folder in below(kind)]
    return [*below("images"), *(path for folder in folders for path in below(folder))]


def _shot(path: str) -> _Shot | None:
    image = _IMAGE.fullmatch(path)
    if image:
        is_preview = image[4].endswith("compressed")
        return None if is_preview else _Shot("image", _written(image[1]), int(image[2]), int(image[3]), path)
    media = _MEDIA.fullmatch(path)
    if media is None:
        return None
    kind: Kind = "audio" if media[1] == "audio" else "video"
    return _Shot(kind, _written(media[2]), int(media[3]), int(media[4]), path)


def _written(key: str) -> str:
    return key.replace("~", "/").replace("#", "/")


def _by_number(key: str) -> list[tuple[int, int | str]]:
    """Keys in the order in which people count: layer2 before layer10."""
    return [(0, int(part)) if part.isdecimal() else (1, part.casefold()) for part in _DIGITS.split(key) if part]


def _series(run_id: str, key: str, kind: Kind, shots: list[_Shot], previews: Mapping[str, str]) -> MediaSeries:
    return MediaSeries(
        run_id,
        key,
        kind,
        [shot.step for shot in shots],
        [shot.time for shot in shots],
        [shot.path for shot in shots],
        [previews.get(shot.path.rpartition(".")[0], "") for shot in shots],
    )
