"""What kind of server is at the other end."""

from __future__ import annotations

from mlflow.contract.caller import EVERYONE
from mlflow.contract.server import Server, ServerInfo
from mlflow.exceptions import MlflowException, RestException, Unreachable
from mlflow.remote.store import remote
from mlflow.remote.transport import Transport

__all__ = ["extensions", "server_info"]

_UNKNOWN_ROUTE = 404


def server_info(transport: Transport) -> ServerInfo | None:
    """What the server says of itself; None for one too old to say.

    Raises:
        Unreachable: no answer came.
        RestException: the server cannot say at present, which means nothing about its abilities.
    """
    server: Server = remote(Server, transport)
    try:
        return server.get_server_info(EVERYONE)
    except (RestException, Unreachable) as failure:
        if failure.get_http_status_code() != _UNKNOWN_ROUTE:
            raise
    except MlflowException:  # an answer that is no server-info
        pass
    return None


def extensions(transport: Transport) -> int:
    """The version of the API below /api/ext that the server has; 0 for a server that has none."""
    info = server_info(transport)
    return info.extensions if info else 0
