"""A plugin's artifact repository, as third parties write them for MLflow."""

from __future__ import annotations

import os
import shutil

from mlflow.entities import FileInfo


class ClassicRepository:
    def __init__(self, artifact_uri: str, tracking_uri: str | None = None, registry_uri: str | None = None) -> None:
        self.root = artifact_uri.removeprefix("classic:")
        self.tracking_uri = tracking_uri

    def log_artifact(self, local_file: str, artifact_path: str | None = None) -> None:
        folder = os.path.join(self.root, artifact_path or "")
        os.makedirs(folder, exist_ok=True)
        shutil.copyfile(local_file, os.path.join(folder, os.path.basename(local_file)))

    def log_artifacts(self, local_dir: str, artifact_path: str | None = None) -> None:
        shutil.copytree(local_dir, os.path.join(self.root, artifact_path or ""), dirs_exist_ok=True)

    def list_artifacts(self, path: str | None = None) -> list[FileInfo]:
        folder = os.path.join(self.root, path or "")
        if not os.path.isdir(folder):
            return []
        found = []
        for name in os.listdir(folder):
            full = os.path.join(folder, name)
            size = None if os.path.isdir(full) else os.path.getsize(full)
            found.append(FileInfo(os.path.relpath(full, self.root), os.path.isdir(full), size))
        return found

    def _download_file(self, remote_file_path: str, local_path: str) -> None:
        shutil.copyfile(os.path.join(self.root, remote_file_path), local_path)

    def delete_artifacts(self, artifact_path: str | None = None) -> None:
        full = os.path.join(self.root, artifact_path or "")
        if os.path.isdir(full):
            shutil.rmtree(full)
        elif os.path.exists(full):
            os.unlink(full)
