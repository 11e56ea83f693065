import io
import json
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pictures

from mlflow.tracking.media.audio import render_audio
from mlflow.tracking.media.histogram import render_histogram
from mlflow.tracking.media.series import SeriesName, parse_series_path, series_path
from mlflow.tracking.media.video import render_video

av = pytest.importorskip("av")

KEYS = st.text(alphabet="abcXYZ019_-./ ", min_size=1, max_size=20)


@given(KEYS, st.integers(-(2**63), 2**63), st.integers(0, 2**63))
def test_a_listing_tells_key_step_and_time(key: str, step: int, timestamp: int) -> None:
    path = series_path("audio", key, step, timestamp, "wav")
    assert path.count("/") == 3
    assert ".." not in path.split("/")
    found = parse_series_path(path)
    assert found is not None
    assert found._replace(key=key) == SeriesName("audio", key, step, timestamp, "wav")


@pytest.mark.parametrize("path", ["model/MLmodel", "media/audio/k", "media/audio/k/step-x+1+00000000.wav"])
def test_other_paths_are_no_series(path: str) -> None:
    assert parse_series_path(path) is None


def test_histogram_counts_finite_values() -> None:
    record = json.loads(render_histogram("w", [[0, 1], [1, np.nan]], bins=2).read_bytes())
    assert record["counts"] == [1, 2]
    assert (record["min"], record["max"], record["count"], record["not_finite"]) == (0, 1, 3, 1)


def test_histogram_takes_ready_counts() -> None:
    record = json.loads(render_histogram("w", counts=[1, 2], edges=[0, 1, 3]).read_bytes())
    assert record == {"edges": [0, 1, 3], "counts": [1, 2], "count": 3}


def test_a_moment_beyond_floats_is_null() -> None:
    record = json.loads(render_histogram("w", [0, 1e300]).read_bytes())
    assert record["std"] is None
    assert sum(record["counts"]) == 2


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"values": [1], "counts": [1], "edges": [0, 1]}, id="both"),
        pytest.param({"values": []}, id="empty"),
        pytest.param({"values": [np.nan]}, id="nan"),
        pytest.param({"values": ["x"]}, id="text"),
        pytest.param({"values": [1], "bins": 0}, id="no bins"),
        pytest.param({"counts": [1]}, id="no edges"),
        pytest.param({"counts": [1], "edges": [0]}, id="few edges"),
        pytest.param({"counts": [1], "edges": [1, 0]}, id="descending"),
        pytest.param({"counts": [-1], "edges": [0, 1]}, id="negative"),
        pytest.param({"values": [1], "step": 1.5}, id="step"),
    ],
)
def test_what_is_no_histogram_is_refused(arguments: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"histogram|step"):
        render_histogram("w", **arguments)


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        pytest.param(np.array([0.0, 1.0, -2.0]), [0, 32767, -32767], id="float"),
        pytest.param(np.array([1, -2], np.int16), [1, -2], id="int16"),
        pytest.param(np.array([65536], np.int32), [1], id="int32"),
        pytest.param(np.array([128, 255], np.uint8), [0, 32512], id="uint8"),
    ],
)
def test_samples_become_16_bit_wav(samples: np.ndarray, expected: list[int]) -> None:
    file = render_audio("a", samples, 8000, step=2)
    with wave.open(io.BytesIO(file.read_bytes())) as sound:
        assert (sound.getframerate(), sound.getnchannels()) == (8000, 1)
        assert np.frombuffer(sound.readframes(10), "<i2").tolist() == expected
    assert file.path.endswith(".wav")


@pytest.mark.parametrize(
    ("samples", "rate"),
    [
        pytest.param(np.zeros(3), None, id="no rate"),
        pytest.param(np.zeros(3), 0, id="rate 0"),
        pytest.param(np.zeros((3, 9)), 8000, id="channels"),
        pytest.param(np.zeros(0), 8000, id="empty"),
        pytest.param(np.array([np.nan]), 8000, id="nan"),
        pytest.param(np.zeros(3, np.int64), 8000, id="int64"),
        pytest.param(b"not a sound", None, id="bytes"),
        pytest.param("/nowhere.wav", None, id="missing"),
    ],
)
def test_what_is_no_sound_is_refused(samples: object, rate: int | None) -> None:
    with pytest.raises(ValueError, match="'"):
        render_audio("a", samples, rate)


def test_a_recording_stays_as_it_is(tmp_path: Path) -> None:
    content = render_audio("a", np.zeros(3), 8000).read_bytes()
    (tmp_path / "x.bin").write_bytes(content)
    file = render_audio("a", tmp_path / "x.bin")
    assert file.content == tmp_path / "x.bin"
    assert file.path.endswith(".wav")
    assert render_audio("a", content).content == content


@pytest.mark.parametrize("shape", [(4, 33, 45, 3), (4, 32, 48), (4, 32, 48, 1), (4, 32, 48, 4)], ids=str)
def test_frames_become_a_film_that_plays(shape: tuple[int, ...]) -> None:
    file = render_video("v", np.random.default_rng(0).random(shape), fps=8, step=1)
    assert file.path.endswith(".mp4")
    with av.open(io.BytesIO(file.read_bytes())) as film:
        assert film.streams.video[0].average_rate == 8
        assert len(list(film.decode(video=0))) == 4


def test_without_a_video_encoder_frames_become_an_animated_webp() -> None:
    code = (
        "import sys, importlib.abc, numpy as np\n"
        "sys.meta_path[:] = [type('F', (), {'find_spec': staticmethod(\n"
        "    lambda name, path=None, target=None, f=f: None if name == 'av' else f.find_spec(name, path, target))})()\n"
        "    for f in sys.meta_path]\n"
        "from mlflow.tracking.media.video import render_video\n"
        "file = render_video('v', np.random.rand(3, 8, 8, 3), fps=10)\n"
        "assert file.path.endswith('.webp'), file.path\n"
        "sys.stdout.buffer.write(file.read_bytes())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    film = Pictures.open(io.BytesIO(done.stdout))
    assert film.n_frames == 3


@pytest.mark.parametrize(
    ("video", "fps"),
    [
        pytest.param(np.zeros((3, 3)), 24, id="two dimensions"),
        pytest.param(np.zeros((0, 3, 3, 3)), 24, id="empty"),
        pytest.param(np.zeros((1, 3, 3, 2)), 24, id="two channels"),
        pytest.param(np.zeros((1, 3, 3, 3)), 0, id="fps 0"),
        pytest.param(b"no film", 24, id="bytes"),
    ],
)
def test_what_is_no_film_is_refused(video: object, fps: float) -> None:
    with pytest.raises(ValueError, match="'v'"):
        render_video("v", video, fps)
