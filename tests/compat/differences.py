"""Where this server answers otherwise than the published one, on purpose, and why."""

from typing import NamedTuple

INVALID = (400, "INVALID_PARAMETER_VALUE")


class Difference(NamedTuple):
    ours: tuple[int, str | None]  # status and error code
    reason: str


DIFFERENCES: dict[str, Difference] = {
    "create with a query in its location": Difference(INVALID, "queries smuggled paths past checks (CVE-2023-6909)"),
    "update to an unknown status": Difference(INVALID, "theirs changes nothing and says it succeeded"),
    "runs by an unknown view": Difference(INVALID, "theirs takes the default in silence"),
    "a list": Difference(INVALID, "theirs takes an empty list for no members, and fails with 500 for a full one"),
    "tags that are no list": Difference(INVALID, "theirs creates the run without its tags"),
    "unknown path": Difference((404, "ENDPOINT_NOT_FOUND"), "failures are JSON, theirs an HTML page"),
    "wrong method": Difference((405, "ENDPOINT_NOT_FOUND"), "failures are JSON, theirs an HTML page"),
    "server info": Difference((200, None), "the extensions are named; there is no gateway and no model upload yet"),
    "version": Difference((200, None), "ours carries a local part"),
}
