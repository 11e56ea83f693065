"""Where this server's registry answers otherwise than the published one, on purpose, and why."""

from tests.compat.differences import INVALID, Difference

REGISTRY_DIFFERENCES: dict[str, Difference] = {
    "to no stage and archive": Difference(INVALID, "theirs fails with 500"),
}
