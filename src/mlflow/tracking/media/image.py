"""Images: arrays and pictures as files, and `mlflow.Image`.

Names are those that MLflow's UI reads: `images/<key>+step+<step>+timestamp+<ms>+<uuid>.png`, `/` in the key as `~`,
and beside each a `…+compressed.webp` of at most 256 pixels a side.
"""

from __future__ import annotations

import io
import uuid
import warnings
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from mlflow.tracking.media.artifact_file import ArtifactFile
from mlflow.tracking.media.failures import InvalidMedia, InvalidMediaType, package
from mlflow.tracking.media.series import check_key, check_step, check_timestamp

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image as Picture

__all__ = ["Image", "encode_picture", "picture", "render_image", "thumbnail"]

_THUMBNAIL_SIDE = 256
_CHANNELS = (1, 3, 4)
_KINDS = {"b": "bool", "i": "signed integer", "u": "unsigned integer", "f": "floating"}
# Modes that PNG can hold as they are; others are converted.
_PNG_MODES = frozenset({"1", "L", "LA", "I", "I;16", "P", "RGB", "RGBA"})


class Image:
    """An image that can be logged, put into a table, resized and shown in a notebook.

    Args:
        image: an array or nested list (height, width[, 1, 3 or 4]), a PIL image, or the path of an image file.

    Raises:
        InvalidMedia: the array's shape or range is none of an image.
        InvalidMediaType: it is another kind of object.
    """

    def __init__(self, image: np.ndarray[Any, Any] | Picture | str | Path | list[Any]) -> None:
        self.image = _opened(image)
        self.size = self.image.size

    def to_list(self) -> list[Any]:
        """The pixels as nested lists, (height, width[, channels])."""
        pixels: list[Any] = self.to_array().tolist()
        return pixels

    def to_array(self) -> np.ndarray[Any, Any]:
        """The pixels as an array, (height, width[, channels])."""
        import numpy as np

        return np.array(self.image)

    def to_pil(self) -> Picture:
        """The PIL image itself."""
        return self.image

    def save(self, path: str) -> None:
        """Write the image to a file in the format of its extension."""
        Path(path).write_bytes(encode_picture(self.image, Path(path).suffix))

    def resize(self, size: tuple[int, int]) -> Image:
        """A copy of another (width, height)."""
        return Image(self.image.resize(size))

    def __repr__(self) -> str:
        return f"<mlflow.Image {self.image.mode} {self.size[0]}x{self.size[1]}>"

    def _repr_png_(self) -> bytes:
        return encode_picture(self.image, ".png")


def render_image(
    image: np.ndarray[Any, Any] | Picture | Image,
    artifact_file: str | None = None,
    key: str | None = None,
    step: int | None = None,
    timestamp: int | None = None,
) -> list[ArtifactFile]:
    """The files of a logged image: one named `artifact_file`, or a PNG and its small WebP for a `key` and step.

    Raises:
        InvalidMedia: pixels, extension or key cannot be stored.
        InvalidMediaType: neither or both of `artifact_file` and `key` are given, or the object is no image.
    """
    if artifact_file is not None and any(given is not None for given in (key, step, timestamp)):
        raise InvalidMediaType(
            "The `artifact_file` parameter cannot be used in conjunction with `key`, `step`, or `timestamp` "
            "parameters. Give `artifact_file` alone for a static image, or `key` for one that changes over steps."
        )
    if artifact_file is not None:
        return [ArtifactFile(artifact_file, encode_picture(picture(image), PurePosixPath(artifact_file).suffix))]
    if key is None:
        raise InvalidMediaType(
            "Invalid arguments: Please specify exactly one of `artifact_file` or `key`. Use `key` to log dynamic image "
            "charts or `artifact_file` for saving static images."
        )
    name = check_key(key).replace("/", "~")
    stem = f"images/{name}+step+{check_step(step)}+timestamp+{check_timestamp(timestamp)}+{uuid.uuid4()}"
    shown = picture(image)
    return [
        ArtifactFile(f"{stem}.png", encode_picture(shown, ".png")),
        ArtifactFile(f"{stem}+compressed.webp", thumbnail(shown)),
    ]


def picture(image: object) -> Picture:
    """The PIL image of an array, a PIL image or an `Image`.

    Raises:
        InvalidMedia: the array's shape or range is none of an image.
        InvalidMediaType: it is another kind of object.
    """
    import numpy as np

    if isinstance(image, Image):
        return image.image
    if isinstance(image, np.ndarray):
        return _from_array(image)
    pictures = package("PIL.Image", "mlflow[images]")
    if isinstance(image, pictures.Image):
        found: Picture = image
        return found
    raise InvalidMediaType(
        f"Unsupported image object type: {type(image)}. `image` must be one of numpy.ndarray, PIL.Image.Image, and "
        "mlflow.Image."
    )


def encode_picture(image: Picture, suffix: str) -> bytes:
    """A PIL image in the format that a file extension names.

    Raises:
        InvalidMedia: no format has this extension, or it cannot hold such an image.
    """
    formats = package("PIL.Image", "mlflow[images]").registered_extensions()
    name = formats.get(suffix.lower())
    if name is None:
        raise InvalidMedia(
            f"unknown file extension: '{suffix}'. Name the image .png, .jpg, .webp, .gif, .bmp or .tiff."
        )
    buffer = io.BytesIO()
    try:
        _fitting(image, name).save(buffer, format=name)
    except (OSError, ValueError) as exc:
        raise InvalidMedia(
            f"The image of mode '{image.mode}' cannot be written as {name}: {exc}. Convert it first."
        ) from exc
    return buffer.getvalue()


def thumbnail(image: Picture) -> bytes:
    """A WebP of at most 256 pixels a side; smaller images keep their size."""
    longest = max(image.size)
    shown = image.convert("RGBA" if image.has_transparency_data else "RGB")
    if longest > _THUMBNAIL_SIDE:
        width, height = (max(1, round(side * _THUMBNAIL_SIDE / longest)) for side in image.size)
        shown = shown.resize((width, height))
    return encode_picture(shown, ".webp")


def _fitting(image: Picture, format: str) -> Picture:
    if format == "PNG" and image.mode == "F":
        return _from_array(Image(image).to_array())
    if format == "PNG" and image.mode not in _PNG_MODES:
        return image.convert("RGB")
    if format == "JPEG" and image.mode not in {"L", "RGB", "CMYK"}:
        return image.convert("RGB")
    return image


def _opened(image: object) -> Picture:
    import numpy as np

    if isinstance(image, list):
        return picture(np.array(image))
    if not isinstance(image, str | Path):
        return picture(image)
    with package("PIL.Image", "mlflow[images]").open(image) as file:
        file.load()
        loaded: Picture = file.copy()
        return loaded


def _from_array(array: np.ndarray[Any, Any]) -> Picture:
    """Read (height, width[, channels]): booleans are black and white, integers 0 to 255, floats 0 to 1."""
    if array.dtype.kind not in _KINDS:
        raise InvalidMediaType(f"Invalid array data type: '{array.dtype}'. Must be one of {list(_KINDS.values())}")
    if array.ndim not in {2, 3}:
        raise InvalidMedia(f"`image` must be a 2D or 3D array but got image shape: {array.shape}")
    if array.ndim == 3 and array.shape[2] not in _CHANNELS:
        raise InvalidMedia(f"Invalid channel length: {array.shape[2]}. Must be one of {list(_CHANNELS)}")
    if array.size == 0:
        raise InvalidMedia(f"The image of shape {array.shape} has no pixels. Give at least one row and column.")
    pixels = as_bytes(array)
    shown: Picture = package("PIL.Image", "mlflow[images]").fromarray(
        pixels[:, :, 0] if pixels.shape[2:] == (1,) else pixels
    )
    return shown


def as_bytes(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Pixels of any accepted kind as unsigned bytes of the same shape.

    Floats outside 0 to 1 are rescaled by their finite minimum and maximum, with a warning; NaN becomes 0.

    Raises:
        InvalidMedia: an integer is outside 0 to 255.
    """
    import numpy as np

    if array.dtype.kind == "b":
        return array.astype(np.uint8) * np.uint8(255)
    if array.dtype.kind in "iu":
        low, high = int(array.min()), int(array.max())
        if low < 0 or high > 255:
            raise InvalidMedia(
                f"Integer pixel values out of acceptable range [0, 255]. Found minimum value {low} and maximum value "
                f"{high}. Ensure all pixel values are within the specified range."
            )
        return array.astype(np.uint8)
    return (_unit_range(array.astype(np.float64)) * 255).astype(np.uint8)


def _unit_range(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    import numpy as np

    finite = array[np.isfinite(array)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    if low < 0 or high > 1:
        warnings.warn(
            f"Float pixel values out of acceptable range [0.0, 1.0]. Found minimum value {low} and maximum value "
            f"{high}. Rescaling values to [0.0, 1.0] with min/max scaler.",
            stacklevel=2,
        )
        array = (array - low) / (high - low) if high > low else array
    unit: np.ndarray[Any, Any] = np.nan_to_num(np.clip(array, 0, 1), nan=0.0)
    return unit
