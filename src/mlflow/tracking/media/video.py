"""Film over steps.

Frames become H.264 in MP4 where PyAV is installed (`pip install av`), which browsers play and seek; else an animated
WebP, which pillow writes and browsers show as a picture that moves.
"""

from __future__ import annotations

import importlib.util
import io
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlflow.tracking.media.artifact_file import ArtifactFile
from mlflow.tracking.media.failures import InvalidMedia, package
from mlflow.tracking.media.image import as_bytes
from mlflow.tracking.media.recording import read_recording
from mlflow.tracking.media.series import series_path

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike

__all__ = ["render_video"]

_KINDS = frozenset({"mp4", "webm", "gif", "webp", "avi", "ogg", "png"})
_FPS_LIMIT = 1000


def render_video(
    name: str,
    video: ArrayLike | str | Path | bytes,
    fps: float = 24,
    *,
    step: int | None = None,
    timestamp: int | None = None,
) -> ArtifactFile:
    """A film file: frames are encoded, files and bytes of a known format stay as they are.

    Args:
        name: the key.
        video: frames (frames, height, width[, 1, 3 or 4]) of any kind `log_image` takes; or the path or bytes of
            a film.
        fps: frames a second; not used with ready films.
        step: 0 unless given.
        timestamp: in milliseconds; now unless given.

    Raises:
        InvalidMedia: the frames, their rate or the film's format cannot be stored.
        MissingPackage: frames are given, and pillow is not installed.
    """
    if isinstance(video, str | Path | bytes):
        content, extension = read_recording(name, video, _KINDS)
        return ArtifactFile(series_path("video", name, step, timestamp, extension), content)
    if not 0 < fps <= _FPS_LIMIT:
        raise InvalidMedia(
            f"'{name}' cannot have {fps} frames a second. Give a number above 0 and up to {_FPS_LIMIT:,}."
        )
    encode, extension = (_mp4, "mp4") if importlib.util.find_spec("av") else (_webp, "webp")
    content = encode(_frames(name, video), fps)
    return ArtifactFile(series_path("video", name, step, timestamp, extension), content)


def _frames(name: str, given: Any) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Frames of any accepted kind as bytes (frames, height, width, 3)."""
    import numpy as np

    array = np.asarray(given.detach().cpu() if hasattr(given, "detach") else given)
    array = array[..., None] if array.ndim == 3 else array
    if array.ndim != 4 or not array.size or array.shape[3] not in {1, 3, 4} or array.dtype.kind not in "biuf":
        raise InvalidMedia(
            f"The frames of '{name}' have the shape {array.shape} and type {array.dtype}. Give numbers of the shape "
            "(frames, height, width[, 1, 3 or 4])."
        )
    pixels = as_bytes(array)
    return np.repeat(pixels, 3, axis=3) if pixels.shape[3] == 1 else pixels[..., :3]


def _webp(frames: np.ndarray[Any, np.dtype[np.uint8]], fps: float) -> bytes:
    first, *rest = (package("PIL.Image", "mlflow[images]").fromarray(frame) for frame in frames)
    buffer = io.BytesIO()
    first.save(buffer, format="WEBP", save_all=True, append_images=rest, duration=max(1, round(1000 / fps)), loop=0)
    return buffer.getvalue()


def _mp4(frames: np.ndarray[Any, np.dtype[np.uint8]], fps: float) -> bytes:
    import numpy as np

    av = package("av", "av")
    even = np.pad(frames, ((0, 0), (0, frames.shape[1] % 2), (0, frames.shape[2] % 2), (0, 0)), mode="edge")
    buffer = io.BytesIO()
    with av.open(buffer, mode="w", format="mp4") as film:
        stream = film.add_stream("libx264", rate=Fraction(fps).limit_denominator(1000))
        stream.height, stream.width, stream.pix_fmt = even.shape[1], even.shape[2], "yuv420p"
        for frame in even:
            film.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), format="rgb24")))
        film.mux(stream.encode(None))
    return buffer.getvalue()
