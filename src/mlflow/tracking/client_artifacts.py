"""The client's calls about files of runs."""

from __future__ import annotations

import io
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlflow.artifacts import download_artifacts, list_artifacts
from mlflow.artifacts.paths import ArtifactPath
from mlflow.entities import FileInfo, Run
from mlflow.exceptions import ResourceDoesNotExist
from mlflow.temporary_folders import temporary_folder
from mlflow.tracking.artifact_lookup import run_artifacts
from mlflow.tracking.media.audio import render_audio
from mlflow.tracking.media.document import render_dict, render_text
from mlflow.tracking.media.figure import render_figure
from mlflow.tracking.media.histogram import render_histogram
from mlflow.tracking.media.image import Image, render_image
from mlflow.tracking.media.table import render_table, tables_tag
from mlflow.tracking.media.video import render_video
from mlflow.tracking.run_files import RunFiles
from mlflow.tracking.run_log import run_log
from mlflow.tracking.run_tags import MLFLOW_LOGGED_ARTIFACTS, MLFLOW_LOGGED_IMAGES
from mlflow.tracking.tables import load_tables

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import ArrayLike
    from PIL.Image import Image as Picture

__all__ = ["ArtifactLogging"]

_BLOCK = 1 << 20


class ArtifactLogging(ABC):
    """Logs, lists and fetches files of runs; paths in a run are relative, with forward slashes."""

    _uri: str

    @abstractmethod
    def get_run(self, run_id: str) -> Run:
        """Return a run with its latest metrics, params, tags, inputs and outputs."""

    @abstractmethod
    def set_tag(self, run_id: str, key: str, value: Any, synchronous: bool | None = None) -> object:
        """Set or overwrite a tag of a run."""

    def log_artifact(self, run_id: str, local_path: str | Path, artifact_path: str | None = None) -> None:
        """Log a local file, or a folder under its name.

        Args:
            run_id: which run.
            local_path: the file or folder.
            artifact_path: the folder in the run to put it in; its root when omitted.
        """
        local, folder = Path(local_path), ArtifactPath.parse(artifact_path)
        path = folder / ArtifactPath.parse_file(local.absolute().name)
        if local.is_dir():
            self._files(run_id).put_folder(local, path)
        else:
            local.stat()
            self._files(run_id).put_file(local, path)

    def log_artifacts(self, run_id: str, local_dir: str | Path, artifact_path: str | None = None) -> None:
        """Log what a local folder holds, with the folders in it.

        Args:
            run_id: which run.
            local_dir: the folder.
            artifact_path: the folder in the run to put it in; its root when omitted.
        """
        self._files(run_id).put_folder(Path(local_dir), ArtifactPath.parse(artifact_path))

    def log_text(self, run_id: str, text: str, artifact_file: str) -> None:
        """Log text as a file, in UTF-8."""
        self._files(run_id).put([render_text(text, artifact_file)])

    def log_dict(self, run_id: str, dictionary: dict[str, Any], artifact_file: str) -> None:
        """Log a dictionary or list: YAML for .yaml and .yml, else JSON."""
        self._files(run_id).put([render_dict(dictionary, artifact_file)])

    def log_stream(self, run_id: str, stream: io.BufferedIOBase | io.RawIOBase, artifact_file: str) -> None:
        """Log what a binary stream still holds, without having all of it in memory.

        Args:
            run_id: which run.
            stream: opened for reading; it is read to its end and left open.
            artifact_file: the file in the run.
        """
        path, files = ArtifactPath.parse_file(artifact_file), self._files(run_id)
        if not files.spooling:
            files.store.write(path, _blocks(stream))
            return
        with temporary_folder("stream") as folder:
            local = folder / "stream"
            with local.open("wb") as file:
                file.writelines(_blocks(stream))
            files.put_file(local, path)

    def log_figure(
        self,
        run_id: str,
        figure: Any,
        artifact_file: str,
        *,
        save_kwargs: Mapping[str, Any] | None = None,
    ) -> None:
        """Log a figure of matplotlib or plotly in the format of the file's extension; see `mlflow.log_figure`."""
        self._files(run_id).put([render_figure(figure, artifact_file, save_kwargs)])

    def log_image(
        self,
        run_id: str,
        image: np.ndarray[Any, Any] | Picture | Image,
        artifact_file: str | None = None,
        key: str | None = None,
        step: int | None = None,
        timestamp: int | None = None,
        synchronous: bool | None = None,
    ) -> None:
        """Log an image: a static one as `artifact_file`, or one that changes over steps as `key`.

        Args:
            run_id: which run.
            image: an array (height, width[, 1, 3 or 4]), a PIL image or an `mlflow.Image`.
            artifact_file: the file in the run.
            key: the name of a series of images.
            step: 0 when omitted.
            timestamp: UTC milliseconds; now when omitted.
            synchronous: False returns once the image is durable on this machine; static images are always waited for.
        """
        rendered = render_image(image, artifact_file, key, step, timestamp)
        if key is None or synchronous is not False:
            self._files(run_id).put(rendered)
        else:
            self._files(run_id).put_later(rendered)
        if key is not None:
            self.set_tag(run_id, MLFLOW_LOGGED_IMAGES, True, synchronous=synchronous)

    def log_histogram(
        self,
        run_id: str,
        key: str,
        values: ArrayLike | None = None,
        *,
        counts: ArrayLike | None = None,
        edges: ArrayLike | None = None,
        bins: int = 64,
        step: int | None = None,
        timestamp: int | None = None,
    ) -> None:
        """Log how values are spread at a step; see `mlflow.log_histogram`."""
        options = {"counts": counts, "edges": edges, "bins": bins, "step": step, "timestamp": timestamp}
        self._files(run_id).put_later([render_histogram(key, values, **options)])  # type: ignore[arg-type]  # by name

    def log_audio(
        self,
        run_id: str,
        key: str,
        audio: ArrayLike | str | Path | bytes,
        sample_rate: int | None = None,
        *,
        step: int | None = None,
        timestamp: int | None = None,
    ) -> None:
        """Log sound at a step; see `mlflow.log_audio`."""
        self._files(run_id).put_later([render_audio(key, audio, sample_rate, step=step, timestamp=timestamp)])

    def log_video(
        self,
        run_id: str,
        key: str,
        video: ArrayLike | str | Path | bytes,
        fps: float = 24,
        *,
        step: int | None = None,
        timestamp: int | None = None,
    ) -> None:
        """Log film at a step; see `mlflow.log_video`."""
        self._files(run_id).put_later([render_video(key, video, fps, step=step, timestamp=timestamp)])

    def log_table(self, run_id: str, data: dict[str, Any] | pd.DataFrame, artifact_file: str) -> None:
        """Log rows of a table as JSON or Parquet, after the rows that the file has.

        Args:
            run_id: which run.
            data: a DataFrame, a dictionary of columns, or a dictionary that is one row. Cells may be images.
            artifact_file: ends in .json or .parquet.
        """
        files, log = self._files(run_id), run_log(self._uri)
        known = log.offline_tables.get((run_id, artifact_file)) if files.spooling else self._read(run_id, artifact_file)
        rendered = render_table(data, artifact_file, known)
        files.put(rendered)
        if files.spooling:
            log.offline_tables[run_id, artifact_file] = rendered[-1].read_bytes()
            tables = [path for of_run, path in log.offline_tables if of_run == run_id]
            tag = None
            for path in tables:
                tag = tables_tag(tag, path)
            log.tags(run_id, {MLFLOW_LOGGED_ARTIFACTS: tag})
        elif known is None:
            tag = self.get_run(run_id).data.tags.get(MLFLOW_LOGGED_ARTIFACTS)
            self.set_tag(run_id, MLFLOW_LOGGED_ARTIFACTS, tables_tag(tag, artifact_file))

    def load_table(
        self,
        experiment_id: str,
        artifact_file: str,
        run_ids: list[str] | None = None,
        extra_columns: list[str] | None = None,
    ) -> pd.DataFrame:
        """Read a table that runs of an experiment logged, one run's rows below another's.

        Args:
            experiment_id: which experiment.
            artifact_file: the table's file in the runs.
            run_ids: only these runs.
            extra_columns: what to add about each row's run: `run_id` or another fact, params.x, metrics.x, tags.x.

        Raises:
            ResourceDoesNotExist: no run has such a table.
        """
        run_log(self._uri).settle()
        return load_tables(self._uri, experiment_id, artifact_file, run_ids, extra_columns or [])

    def list_artifacts(self, run_id: str, path: str | None = None) -> list[FileInfo]:
        """Return what a folder of a run holds, sorted by path; nothing for a file or an absent path.

        A path that begins with the name of a logged model of the run leads into that model.
        """
        run_log(self._uri).settle(run_id)
        return list_artifacts(run_id=run_id, artifact_path=path, tracking_uri=self._uri)

    def download_artifacts(self, run_id: str, path: str, dst_path: str | None = None) -> str:
        """Copy a file or folder of a run to this machine and return its local path.

        Args:
            run_id: which run.
            path: in the run; empty for all of it.
            dst_path: the local folder to put it in; a new temporary one when omitted.
        """
        run_log(self._uri).settle(run_id)
        folder = dst_path or tempfile.mkdtemp(prefix="mlflow-")
        return download_artifacts(run_id=run_id, artifact_path=path, dst_path=folder, tracking_uri=self._uri)

    def _files(self, run_id: str) -> RunFiles:
        return RunFiles(self._uri, run_id)

    def _read(self, run_id: str, path: str) -> bytes | None:
        """The bytes of a run's file; None when there is none."""
        run_log(self._uri).settle(run_id)
        try:
            return run_artifacts(self._uri, run_id).open(ArtifactPath.parse_file(path)).read()
        except ResourceDoesNotExist:
            return None


def _blocks(stream: io.BufferedIOBase | io.RawIOBase) -> Iterator[bytes]:
    while block := stream.read(_BLOCK):
        yield block
