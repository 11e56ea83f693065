import io
import re

import numpy as np
import pytest
from PIL import Image as Pictures

from mlflow.exceptions import InvalidParameterValue
from mlflow.tracking.media.image import Image, render_image

NAME = re.compile(r"images/a~b\+step\+3\+timestamp\+5\+[0-9a-f]{8}-[0-9a-f-]{27}(\.png|\+compressed\.webp)")


def opened(content: bytes) -> Pictures.Image:
    return Pictures.open(io.BytesIO(content))


def rendered(image: object) -> Pictures.Image:
    return opened(render_image(image, artifact_file="x.png")[0].read_bytes())


def test_key_and_step_make_a_png_and_a_small_webp_of_the_names_the_ui_reads() -> None:
    files = render_image(np.zeros((600, 300, 3), np.uint8), key="a/b", step=3, timestamp=5)
    assert all(NAME.fullmatch(file.path) for file in files)
    assert [opened(file.read_bytes()).format for file in files] == ["PNG", "WEBP"]
    assert [opened(file.read_bytes()).size for file in files] == [(300, 600), (128, 256)]


@pytest.mark.parametrize(
    ("array", "mode", "pixels"),
    [
        pytest.param(np.array([[0, 255]], np.uint8), "L", [0, 255], id="uint8"),
        pytest.param(np.array([[0, 255]], np.int64), "L", [0, 255], id="int64"),
        pytest.param(np.array([[0, 255]], np.uint16), "L", [0, 255], id="uint16"),
        pytest.param(np.array([[True, False]]), "L", [255, 0], id="bool"),
        pytest.param(np.array([[0.0, 0.5, 1.0]], np.float16), "L", [0, 127, 255], id="float16"),
        pytest.param(np.array([[np.nan, 1.0]]), "L", [0, 255], id="nan"),
        pytest.param(np.zeros((1, 1, 1), np.uint8), "L", [0], id="one channel"),
        pytest.param(np.array([[[1, 2, 3]]], np.uint8), "RGB", [1, 2, 3], id="rgb"),
        pytest.param(np.array([[[1, 2, 3, 4]]], np.uint8), "RGBA", [1, 2, 3, 4], id="rgba"),
    ],
)
def test_arrays_of_every_kind_become_their_pixels(array: np.ndarray, mode: str, pixels: list[int]) -> None:
    shown = rendered(array)
    assert shown.mode == mode
    assert np.asarray(shown).reshape(-1).tolist() == pixels


@pytest.mark.parametrize("array", [np.array([[0.0, 255.0]]), np.array([[-2.0, np.inf, 1.0]])], ids=["high", "infinite"])
def test_floats_out_of_range_are_rescaled_with_a_warning(array: np.ndarray) -> None:
    with pytest.warns(UserWarning, match="out of acceptable range"):
        shown = rendered(array)
    assert np.asarray(shown).max() == 255


@pytest.mark.parametrize(
    ("image", "error", "words"),
    [
        pytest.param(np.zeros((2, 2, 2), np.uint8), ValueError, "channel length: 2", id="two channels"),
        pytest.param(np.zeros(4, np.uint8), ValueError, "2D or 3D", id="one dimension"),
        pytest.param(np.zeros((1, 2, 2, 3), np.uint8), ValueError, "2D or 3D", id="four dimensions"),
        pytest.param(np.zeros((0, 0), np.uint8), ValueError, "no pixels", id="empty"),
        pytest.param(np.array([[0, 256]]), ValueError, "maximum value 256", id="too large"),
        pytest.param(np.array([[-1, 0]], np.int8), ValueError, "minimum value -1", id="negative"),
        pytest.param(np.array([[1j]]), TypeError, "complex128", id="complex"),
        pytest.param(np.array([["a"]]), TypeError, "<U1", id="text"),
        pytest.param([[1, 2]], TypeError, "<class 'list'>", id="list"),
        pytest.param(None, TypeError, "NoneType", id="none"),
    ],
)
def test_what_is_no_image_is_refused_with_a_class_of_both_trees(image: object, error: type, words: str) -> None:
    with pytest.raises(error, match=re.escape(words)) as raised:
        render_image(image, key="k")
    assert isinstance(raised.value, InvalidParameterValue)


@pytest.mark.parametrize(
    "key", ["", "a+b", "a#b", "é", "a%2e", "a:b", "a~b", "a\nb", "k" * 151], ids=lambda key: repr(key[:6])
)
def test_keys_that_cannot_be_file_names_are_refused(key: str) -> None:
    with pytest.raises(ValueError, match="key"):
        render_image(np.zeros((1, 1)), key=key)


@pytest.mark.parametrize("key", ["..", "../x", "a b", "a.b-c_d/e"])
def test_a_key_stays_inside_the_images_folder(key: str) -> None:
    path = render_image(np.zeros((1, 1)), key=key)[0].path
    assert path.count("/") == 1


@pytest.mark.parametrize(
    "arguments", [{}, {"artifact_file": "a.png", "key": "k"}, {"artifact_file": "a.png", "step": 0}]
)
def test_exactly_one_of_file_and_key_is_needed(arguments: dict[str, object]) -> None:
    with pytest.raises(TypeError, match="artifact_file"):
        render_image(np.zeros((1, 1)), **arguments)


@pytest.mark.parametrize("step", [1.5, "x", float("nan"), None], ids=str)
def test_a_step_is_a_whole_number(step: object) -> None:
    if step is None:
        assert "+step+0+" in render_image(np.zeros((1, 1)), key="k", step=step)[0].path
        return
    with pytest.raises(ValueError, match="step"):
        render_image(np.zeros((1, 1)), key="k", step=step)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "F", "CMYK", "I;16", "LA"])
def test_pictures_of_every_mode_can_be_logged(mode: str) -> None:
    for file in render_image(Pictures.new(mode, (3, 2)), key="k"):
        assert opened(file.read_bytes()).size == (3, 2)


@pytest.mark.parametrize("name", ["a.jpg", "a.gif", "a.webp", "a.bmp", "a.PNG"])
def test_the_extension_chooses_the_format(name: str) -> None:
    file = render_image(Pictures.new("RGBA", (3, 2)), artifact_file=name)[0]
    assert opened(file.read_bytes()).format == {"jpg": "JPEG"}.get(name[2:], name[2:].upper())


@pytest.mark.parametrize("name", ["a", "a.xyz", "a.txt"])
def test_unknown_extensions_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="unknown file extension"):
        render_image(np.zeros((1, 1)), artifact_file=name)


def test_an_image_goes_through_list_array_picture_and_file(tmp_path) -> None:
    image = Image(np.arange(24, dtype=np.uint8).reshape(2, 4, 3))
    image.save(str(tmp_path / "i.png"))
    again = [Image(image.to_list()), Image(image.to_array()), Image(image.to_pil()), Image(str(tmp_path / "i.png"))]
    assert all(np.array_equal(other.to_array(), image.to_array()) for other in again)
    assert image.resize((2, 1)).size == (2, 1)
    assert image._repr_png_().startswith(b"\x89PNG")


def test_an_image_of_a_missing_file_says_so() -> None:
    with pytest.raises(FileNotFoundError):
        Image("/nowhere/x.png")
