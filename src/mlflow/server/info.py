"""What the server says of itself."""

from __future__ import annotations

from mlflow.contract.caller import Caller
from mlflow.contract.server import ServerInfo

__all__ = ["EXTENSIONS", "ServedInfo"]

EXTENSIONS = 1  # the version of the API below /api/ext


class ServedInfo:
    """The server's abilities.

    `multipart_uploads_enabled` speaks of MLflow's dialect, whose parts go to signed URLs; ours is in the extensions.
    """

    def get_server_info(self, caller: Caller) -> ServerInfo:
        """See the contract."""
        return ServerInfo(multipart_uploads_enabled=False, extensions=EXTENSIONS)
