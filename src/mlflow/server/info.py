"""What the server says of itself."""

from __future__ import annotations

from mlflow.contract.caller import Caller
from mlflow.contract.search import GRAMMARS, FilterError, parse_filter
from mlflow.contract.server import FilterFault, ParsedFilter, ServerInfo

__all__ = ["EXTENSIONS", "ServedInfo"]

EXTENSIONS = 1  # the version of the API below /api/ext


class ServedInfo:
    """The server's abilities.

    `multipart_uploads_enabled` speaks of MLflow's dialect, whose parts go to signed URLs; ours is in the extensions.
    """

    def get_server_info(self, caller: Caller) -> ServerInfo:
        """See the contract."""
        return ServerInfo(multipart_uploads_enabled=False, extensions=EXTENSIONS)

    def parse_filter(self, caller: Caller, filter: str, of: str = "runs") -> ParsedFilter:
        """See the contract."""
        try:
            parse_filter(filter, GRAMMARS[of])
        except FilterError as wrong:
            return ParsedFilter(False, FilterFault(wrong.reason, wrong.start, wrong.end, wrong.expected))
        return ParsedFilter(True)
