"""Sources that are files on web servers."""

from __future__ import annotations

import http.client
import os
import shutil
import tempfile
import urllib.error
import urllib.request
from pathlib import Path, PurePosixPath
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from mlflow.data.dataset_source import DatasetSource
from mlflow.environment_variables import MLFLOW_HTTP_REQUEST_TIMEOUT
from mlflow.exceptions import InvalidParameterValue, InvalidUrlException, MlflowException, get_error_code

__all__ = ["HTTPDatasetSource"]

_CHUNK_BYTES = 1 << 20


class HTTPDatasetSource(DatasetSource):
    """A file under an http or https URL."""

    def __init__(self, url: str) -> None:
        self._url = url

    @property
    def url(self) -> str:
        """The URL of the file."""
        return self._url

    @staticmethod
    def _get_source_type() -> str:
        return "http"

    @staticmethod
    def _can_resolve(raw_source: Any) -> bool:
        try:
            return isinstance(raw_source, str) and urlsplit(raw_source).scheme.lower() in {"http", "https"}
        except ValueError:
            return False

    @classmethod
    def _resolve(cls, raw_source: Any) -> Self:
        return cls(raw_source)

    def load(self, dst_path: str | None = None) -> str:
        """Download the file, and return its local path.

        The local name is the last part of the URL's path: a server's Content-Disposition is not heard, because it
        has been used to write outside the folder (CVE-2024-0520). The file appears only once it is complete.

        Args:
            dst_path: the folder to put it in, made if absent; a new private temporary one when omitted.

        Raises:
            InvalidUrlException: the URL is not http or https.
            MlflowException: the server cannot be reached, or refuses; `error_code` fits its status.
        """
        if not self._can_resolve(self._url):
            raise InvalidUrlException(f"URL '{self._url}' is not http or https. Use such a URL or another source.")
        folder = Path(dst_path or tempfile.mkdtemp(prefix="mlflow-"))
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / self._file_name()
        handle, partial = tempfile.mkstemp(dir=folder, prefix=".download-")
        try:
            with os.fdopen(handle, "wb") as file:
                self._fetch_into(file)
            Path(partial).replace(target)
        finally:
            Path(partial).unlink(missing_ok=True)
        return str(target)

    def _file_name(self) -> str:
        name = PurePosixPath(unquote(urlsplit(self._url).path).replace("\\", "/")).name.replace("\0", "")
        return name if name not in {"", "..", "."} else "dataset"

    def _fetch_into(self, file: Any) -> None:
        try:
            with _opener().open(self._url, timeout=MLFLOW_HTTP_REQUEST_TIMEOUT.get()) as response:
                shutil.copyfileobj(response, file, _CHUNK_BYTES)
                if response.length:  # what Content-Length announced and did not come
                    raise http.client.IncompleteRead(b"", response.length)
        except urllib.error.HTTPError as exc:
            with exc:
                message = f"Downloading '{self._url}' failed: the server answered {exc.code} {exc.reason}."
            raise MlflowException(message, get_error_code(exc.code)) from exc
        except (OSError, http.client.HTTPException) as exc:
            raise MlflowException(f"Downloading '{self._url}' failed: {exc}. Check the URL and the network.") from exc

    def to_dict(self) -> dict[str, Any]:
        return {"url": self._url}

    @classmethod
    def from_dict(cls, source_dict: dict[Any, Any]) -> Self:
        if "url" not in source_dict:
            raise InvalidParameterValue(f"Source '{source_dict}' of type 'http' has no 'url'. Add it.")
        return cls(source_dict["url"])


def _opener() -> urllib.request.OpenerDirector:
    """An opener that knows no scheme but http and https, so that no redirect can lead to file: or ftp:."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler,
        urllib.request.HTTPHandler,
        urllib.request.HTTPSHandler,
        urllib.request.HTTPDefaultErrorHandler,
        urllib.request.HTTPRedirectHandler,
        urllib.request.HTTPErrorProcessor,
        urllib.request.UnknownHandler,
    ):
        opener.add_handler(handler())
    return opener
