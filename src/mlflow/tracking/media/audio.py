"""Sound over steps."""

from __future__ import annotations

import io
import wave
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlflow.tracking.media.artifact_file import ArtifactFile
from mlflow.tracking.media.failures import InvalidMedia
from mlflow.tracking.media.recording import read_recording
from mlflow.tracking.media.series import series_path

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike

__all__ = ["render_audio"]

_KINDS = frozenset({"wav", "flac", "ogg", "mp3", "aac", "m4a", "mp4", "webm"})
_CHANNELS_LIMIT = 8
_INT16_MAX = 32767


def render_audio(
    name: str,
    audio: ArrayLike | str | Path | bytes,
    sample_rate: int | None = None,
    *,
    step: int | None = None,
    timestamp: int | None = None,
) -> ArtifactFile:
    """A sound file: samples as 16-bit WAV, files and bytes of a known format as they are.

    Args:
        name: the key.
        audio: samples (samples,) or (samples, channels), floats within ±1 or integers of 8 (unsigned), 16 or 32 bits;
            or the path or bytes of a recording.
        sample_rate: samples a second; needed with samples, not used with recordings.
        step: 0 unless given.
        timestamp: in milliseconds; now unless given.

    Raises:
        InvalidMedia: the samples, their rate or the recording's format cannot be stored.
    """
    if isinstance(audio, str | Path | bytes):
        content, extension = read_recording(name, audio, _KINDS)
    else:
        content, extension = _wav(name, _samples(name, audio), sample_rate), "wav"
    return ArtifactFile(series_path("audio", name, step, timestamp, extension), content)


def _samples(name: str, given: Any) -> np.ndarray[Any, np.dtype[np.int16]]:
    """Samples of any accepted kind as 16-bit integers (samples, channels)."""
    import numpy as np

    array = np.asarray(given.detach().cpu() if hasattr(given, "detach") else given)
    array = array[:, None] if array.ndim == 1 else array
    if array.ndim != 2 or not array.shape[0] or not 1 <= array.shape[1] <= _CHANNELS_LIMIT:
        raise InvalidMedia(
            f"The samples of '{name}' have the shape {array.shape}. Give (samples,) or (samples, channels ≤ 8)."
        )
    if array.dtype.kind == "f":
        if not np.isfinite(array).all():
            raise InvalidMedia(f"The samples of '{name}' hold NaN or infinity. Give finite numbers within ±1.")
        array = np.rint(np.clip(array, -1, 1) * _INT16_MAX).astype(np.int16)
    scaled: np.ndarray[Any, Any] | None = {
        "int16": lambda: array,
        "int32": lambda: array >> 16,
        "uint8": lambda: (array.astype(np.int16) - 128) << 8,
    }.get(array.dtype.name, lambda: None)()
    if scaled is None:
        raise InvalidMedia(f"The samples of '{name}' are of type {array.dtype}. Give floats, int16, int32 or uint8.")
    return scaled.astype(np.int16)


def _wav(name: str, samples: np.ndarray[Any, np.dtype[np.int16]], sample_rate: int | None) -> bytes:
    if sample_rate is None or not 1 <= sample_rate <= 1_000_000:
        raise InvalidMedia(
            f"The sample rate {sample_rate!r} of '{name}' cannot be stored. Give samples a second, as 44100."
        )
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(samples.shape[1])
        file.setsampwidth(2)
        file.setframerate(int(sample_rate))
        file.writeframes(samples.astype("<i2").tobytes())
    return buffer.getvalue()
