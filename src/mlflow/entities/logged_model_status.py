"""The states of a logged model."""

from __future__ import annotations

from enum import StrEnum

from mlflow.exceptions import InvalidParameterValue

__all__ = ["LoggedModelStatus"]

_WIRE_PREFIX = "LOGGED_MODEL_"


class LoggedModelStatus(StrEnum):
    """The states of a logged model: programs hold these, the wire carries longer names, tables numbers."""

    UNSPECIFIED = "UNSPECIFIED"
    PENDING = "PENDING"
    READY = "READY"
    FAILED = "FAILED"

    @staticmethod
    def is_finalized(status: LoggedModelStatus) -> bool:
        """Whether a model in this state will not change by itself any more."""
        return status in (LoggedModelStatus.READY, LoggedModelStatus.FAILED)

    @classmethod
    def from_int(cls, status_int: int) -> LoggedModelStatus:
        """The state of a number."""
        if not 0 <= status_int < len(_ORDER):
            raise InvalidParameterValue(
                f"Unknown status number '{status_int}' of a logged model; use 0 to {len(_ORDER) - 1}."
            )
        return _ORDER[status_int]

    def to_int(self) -> int:
        """The number of this state."""
        return _ORDER.index(self)

    @classmethod
    def from_proto(cls, proto: int) -> LoggedModelStatus:
        """The state of an enum's number, as protobuf messages hold it."""
        return cls.from_int(proto)

    def to_proto(self) -> int:
        """The number of this state, as protobuf messages hold it."""
        return self.to_int()

    @classmethod
    def from_wire(cls, name: str) -> LoggedModelStatus:
        """The state that the wire calls so; what it does not name counts as unspecified."""
        return _BY_WIRE.get(name, cls.UNSPECIFIED)

    def to_wire(self) -> str:
        """What the wire calls this state."""
        return _WIRE[self]


_ORDER = tuple(LoggedModelStatus)
_WIRE = {
    LoggedModelStatus.UNSPECIFIED: f"{_WIRE_PREFIX}STATUS_UNSPECIFIED",
    LoggedModelStatus.PENDING: f"{_WIRE_PREFIX}PENDING",
    LoggedModelStatus.READY: f"{_WIRE_PREFIX}READY",
    LoggedModelStatus.FAILED: f"{_WIRE_PREFIX}UPLOAD_FAILED",
}
_BY_WIRE = {name: status for status, name in _WIRE.items()}
