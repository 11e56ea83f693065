"""What the server says of itself."""

from __future__ import annotations

from mlflow.contract.caller import Caller
from mlflow.contract.server import ServerInfo

__all__ = ["EXTENSIONS", "ServedInfo"]

EXTENSIONS = 1  # the version of the API below /api/ext


class ServedInfo:
    """The server's abilities."""

    def __init__(self, serves_artifacts: bool) -> None:
        self._info = ServerInfo(multipart_uploads_enabled=serves_artifacts, extensions=EXTENSIONS)

    def get_server_info(self, caller: Caller) -> ServerInfo:
        """See the contract."""
        return self._info
