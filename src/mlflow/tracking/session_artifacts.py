"""The fluent API's calls about files."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlflow.tracking.client import MlflowClient
from mlflow.tracking.media.image import Image
from mlflow.tracking.session_logging import LogCalls
from mlflow.tracking.uris import get_tracking_uri

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import ArrayLike
    from PIL.Image import Image as Picture

__all__ = ["ArtifactCalls"]


class ArtifactCalls(LogCalls):
    """Files of the active run; one is started when there is none. Paths in a run are relative, with slashes."""

    def log_artifact(self, local_path: str | Path, artifact_path: str | None = None, run_id: str | None = None) -> None:
        """Log a local file, or a folder under its name.

        Args:
            local_path: the file or folder.
            artifact_path: the folder in the run to put it in; its root when omitted.
            run_id: another run than the active one.

        Raises:
            FileNotFoundError: there is no such file.
        """
        client, run = self._about(run_id)
        client.log_artifact(run, local_path, artifact_path)

    def log_artifacts(self, local_dir: str | Path, artifact_path: str | None = None, run_id: str | None = None) -> None:
        """Log what a local folder holds, with the folders in it.

        Args:
            local_dir: the folder.
            artifact_path: the folder in the run to put it in; its root when omitted.
            run_id: another run than the active one.
        """
        client, run = self._about(run_id)
        client.log_artifacts(run, local_dir, artifact_path)

    def log_text(self, text: str, artifact_file: str, run_id: str | None = None) -> None:
        """Log text as a file, in UTF-8."""
        client, run = self._about(run_id)
        client.log_text(run, text, artifact_file)

    def log_dict(self, dictionary: dict[str, Any], artifact_file: str, run_id: str | None = None) -> None:
        """Log a dictionary or list: YAML for .yaml and .yml, else JSON."""
        client, run = self._about(run_id)
        client.log_dict(run, dictionary, artifact_file)

    def log_stream(
        self, stream: io.BufferedIOBase | io.RawIOBase, artifact_file: str, run_id: str | None = None
    ) -> None:
        """Log what a binary stream still holds, without having all of it in memory."""
        client, run = self._about(run_id)
        client.log_stream(run, stream, artifact_file)

    def log_figure(self, figure: Any, artifact_file: str, *, save_kwargs: Mapping[str, Any] | None = None) -> None:
        """Log a figure in the format of the file's extension.

        Args:
            figure: of matplotlib (any format of `savefig`) or plotly (.html, .json, .png, .jpeg, .webp, .svg, .pdf).
            artifact_file: the file in the run.
            save_kwargs: passed on to what writes the figure, such as `{"dpi": 200}`.
        """
        client, run = self._about(None)
        client.log_figure(run, figure, artifact_file, save_kwargs=save_kwargs)

    def log_image(
        self,
        image: np.ndarray[Any, Any] | Picture | Image,
        artifact_file: str | None = None,
        key: str | None = None,
        step: int | None = None,
        timestamp: int | None = None,
        synchronous: bool | None = False,
    ) -> None:
        """Log an image: a static one as `artifact_file`, or one that changes over steps as `key`.

        Args:
            image: an array (height, width[, 1, 3 or 4]) of integers 0 to 255 or floats 0 to 1, a PIL image or an
                `mlflow.Image`.
            artifact_file: the file in the run; its extension chooses the format.
            key: the name of a series of images.
            step: 0 when omitted.
            timestamp: UTC milliseconds; now when omitted.
            synchronous: True waits until the tracking store has the image.
        """
        client, run = self._about(None)
        client.log_image(run, image, artifact_file, key, step, timestamp, synchronous)

    def log_histogram(
        self,
        key: str,
        values: ArrayLike | None = None,
        *,
        counts: ArrayLike | None = None,
        edges: ArrayLike | None = None,
        bins: int = 64,
        step: int | None = None,
        timestamp: int | None = None,
        run_id: str | None = None,
    ) -> None:
        """Log how values are spread, at a step: weights, gradients, predictions.

        Args:
            key: the name of a series of histograms.
            values: numbers of any shape, counted here into `bins` bins of equal width.
            counts: ready counts instead, with `edges`.
            edges: one more than counts, ascending.
            bins: 1 to 10,000.
            step: 0 when omitted.
            timestamp: UTC milliseconds; now when omitted.
            run_id: another run than the active one.
        """
        client, run = self._about(run_id)
        client.log_histogram(run, key, values, counts=counts, edges=edges, bins=bins, step=step, timestamp=timestamp)

    def log_audio(
        self,
        key: str,
        audio: ArrayLike | str | Path | bytes,
        sample_rate: int | None = None,
        *,
        step: int | None = None,
        timestamp: int | None = None,
        run_id: str | None = None,
    ) -> None:
        """Log sound, at a step.

        Args:
            key: the name of a series of recordings.
            audio: samples (samples,) or (samples, channels), floats within ±1 or integers; or a recording's path or
                bytes.
            sample_rate: samples a second; needed with samples.
            step: 0 when omitted.
            timestamp: UTC milliseconds; now when omitted.
            run_id: another run than the active one.
        """
        client, run = self._about(run_id)
        client.log_audio(run, key, audio, sample_rate, step=step, timestamp=timestamp)

    def log_video(
        self,
        key: str,
        video: ArrayLike | str | Path | bytes,
        fps: float = 24,
        *,
        step: int | None = None,
        timestamp: int | None = None,
        run_id: str | None = None,
    ) -> None:
        """Log film, at a step.

        Args:
            key: the name of a series of films.
            video: frames (frames, height, width[, 1, 3 or 4]); or a film's path or bytes.
            fps: frames a second; used with frames.
            step: 0 when omitted.
            timestamp: UTC milliseconds; now when omitted.
            run_id: another run than the active one.
        """
        client, run = self._about(run_id)
        client.log_video(run, key, video, fps, step=step, timestamp=timestamp)

    def log_table(self, data: dict[str, Any] | pd.DataFrame, artifact_file: str, run_id: str | None = None) -> None:
        """Log rows of a table as JSON or Parquet, after the rows that the file has.

        Args:
            data: a DataFrame, a dictionary of columns, or a dictionary that is one row. Cells may be images.
            artifact_file: ends in .json or .parquet.
            run_id: another run than the active one.
        """
        client, run = self._about(run_id)
        client.log_table(run, data, artifact_file)

    def load_table(
        self, artifact_file: str, run_ids: list[str] | None = None, extra_columns: list[str] | None = None
    ) -> pd.DataFrame:
        """Read a table that runs of the active experiment logged, one run's rows below another's.

        Args:
            artifact_file: the table's file in the runs.
            run_ids: only these runs.
            extra_columns: what to add about each row's run: `run_id` or another fact, params.x, metrics.x, tags.x.

        Raises:
            ResourceDoesNotExist: no run has such a table.
        """
        return MlflowClient().load_table(self._experiment_id(), artifact_file, run_ids, extra_columns)

    def get_artifact_uri(self, artifact_path: str | None = None) -> str:
        """Return the URI of the active run's artifacts, or of a path in them.

        While the run has no server yet it is a `runs:/` URI, which can be read once it has.
        """
        run = self._run()
        root = run.info.artifact_uri or f"runs:/{run.run_id}"
        return f"{root.rstrip('/')}/{artifact_path}" if artifact_path else root

    def _about(self, run_id: str | None) -> tuple[MlflowClient, str]:
        """A client, and the run a call is about."""
        if run_id is not None:
            return MlflowClient(get_tracking_uri()), run_id
        run = self._run()
        return MlflowClient(run.log.uri), run.run_id
