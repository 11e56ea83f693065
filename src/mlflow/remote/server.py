"""What kind of server is at the other end."""

from __future__ import annotations

import msgspec

from mlflow.contract.caller import EVERYONE
from mlflow.contract.server import Server, ServerInfo
from mlflow.exceptions import MlflowException, Unreachable
from mlflow.remote.store import remote
from mlflow.remote.transport import Transport

__all__ = ["extensions", "server_info"]


def server_info(transport: Transport) -> ServerInfo | None:
    """What the server says of itself; None for one too old to say."""
    try:
        server: Server = remote(Server, transport)
        return server.get_server_info(EVERYONE)
    except Unreachable:
        raise
    except (MlflowException, msgspec.MsgspecError):
        return None


def extensions(transport: Transport) -> int:
    """The version of the API below /api/ext that the server has; 0 for a server that has none."""
    info = server_info(transport)
    return info.extensions if info else 0
