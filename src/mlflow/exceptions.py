"""Every failure a caller can catch: raised by stores, carried over HTTP, raised again by clients as the same class.

    MlflowException
    ├── InvalidParameterValue      400  a value the caller sent is not acceptable
    ├── BadRequest                 400  the request clashes with what is stored
    ├── ResourceAlreadyExists      400  the name is taken
    ├── Unauthenticated            401  nobody is signed in
    ├── PermissionDenied           403  signed in, but not allowed
    ├── ResourceDoesNotExist       404  there is no such experiment, run, file …
    ├── EndpointNotFound           404  this server has no such route
    ├── ResourceConflict           409  somebody else changed it first
    ├── PromotionRefused           409  a check of the registry is against an alias or stage
    ├── RequestLimitExceeded       429  too many requests, try later
    ├── InvalidState               500  the resource's state does not allow this
    ├── DataLoss                   500  stored or transferred bytes do not match their digest
    ├── FeatureDisabled            500  the server has this switched off
    ├── NotImplementedByStore      501  this store cannot do that
    ├── TemporarilyUnavailable     503  the server or database is not ready
    │   └── Unreachable                 no connection to the server could be made, or it broke
    ├── DeadlineExceeded           504  the work took longer than allowed
    ├── ExecutionException              a project's command failed
    ├── MissingConfigException          a configuration file or key is missing
    └── RestException                   any of the above, when it came from a server

Numbers, statuses and SQL states are those MLflow's clients and servers exchange.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Sequence
from typing import Any, ClassVar, Self


class ErrorCode(enum.IntEnum):
    """The error codes of the wire, by number."""

    INTERNAL_ERROR = 1
    TEMPORARILY_UNAVAILABLE = 2
    IO_ERROR = 3
    BAD_REQUEST = 4
    SERVICE_UNDER_MAINTENANCE = 5
    WORKSPACE_TEMPORARILY_UNAVAILABLE = 6
    DEADLINE_EXCEEDED = 7
    CANCELLED = 8
    RESOURCE_EXHAUSTED = 9
    ABORTED = 10
    NOT_FOUND = 11
    ALREADY_EXISTS = 12
    UNAUTHENTICATED = 13
    INVALID_PARAMETER_VALUE = 1000
    ENDPOINT_NOT_FOUND = 1001
    MALFORMED_REQUEST = 1002
    INVALID_STATE = 1003
    PERMISSION_DENIED = 1004
    FEATURE_DISABLED = 1005
    CUSTOMER_UNAUTHORIZED = 1006
    REQUEST_LIMIT_EXCEEDED = 1007
    RESOURCE_CONFLICT = 1008
    UNPARSEABLE_HTTP_ERROR = 1009
    NOT_IMPLEMENTED = 1010
    DATA_LOSS = 1011
    INVALID_STATE_TRANSITION = 2001
    COULD_NOT_ACQUIRE_LOCK = 2002
    RESOURCE_ALREADY_EXISTS = 3001
    RESOURCE_DOES_NOT_EXIST = 3002
    QUOTA_EXCEEDED = 4001
    RESOURCE_LIMIT_EXCEEDED = 5002
    DIRECTORY_NOT_EMPTY = 6001

    @classmethod
    def Name(cls, number: int) -> str:  # noqa: N802 - the spelling of protobuf enums, which foreign code calls
        """The name of a code, as protobuf enums spell this call."""
        return cls(number).name

    @classmethod
    def Value(cls, name: str) -> int:  # noqa: N802 - see Name
        """The number of a code, as protobuf enums spell this call."""
        return cls[name].value


_STATUS: dict[ErrorCode, int] = {
    ErrorCode.BAD_REQUEST: 400,
    ErrorCode.INVALID_PARAMETER_VALUE: 400,
    ErrorCode.RESOURCE_ALREADY_EXISTS: 400,
    ErrorCode.UNAUTHENTICATED: 401,
    ErrorCode.CUSTOMER_UNAUTHORIZED: 401,
    ErrorCode.PERMISSION_DENIED: 403,
    ErrorCode.NOT_FOUND: 404,
    ErrorCode.ENDPOINT_NOT_FOUND: 404,
    ErrorCode.RESOURCE_DOES_NOT_EXIST: 404,
    ErrorCode.ABORTED: 409,
    ErrorCode.ALREADY_EXISTS: 409,
    ErrorCode.RESOURCE_CONFLICT: 409,
    ErrorCode.INVALID_STATE_TRANSITION: 409,
    ErrorCode.REQUEST_LIMIT_EXCEEDED: 429,
    ErrorCode.RESOURCE_EXHAUSTED: 429,
    ErrorCode.CANCELLED: 499,
    ErrorCode.NOT_IMPLEMENTED: 501,
    ErrorCode.TEMPORARILY_UNAVAILABLE: 503,
    ErrorCode.DEADLINE_EXCEEDED: 504,
}

# code -> (sqlstate, error_class), for the codes whose wire form carries them
_SQL_STATE: dict[ErrorCode, tuple[str, str]] = {
    ErrorCode.INTERNAL_ERROR: ("XXM00", "CLIENT_INTERNAL_ERROR"),
    ErrorCode.TEMPORARILY_UNAVAILABLE: ("XXM00", "CLIENT_INTERNAL_ERROR"),
    ErrorCode.INVALID_STATE: ("XXM00", "CLIENT_INTERNAL_ERROR"),
    ErrorCode.BAD_REQUEST: ("KAM00", "INVALID_PARAMETER_VALUE"),
    ErrorCode.INVALID_PARAMETER_VALUE: ("KAM00", "INVALID_PARAMETER_VALUE"),
    ErrorCode.NOT_FOUND: ("KAM00", "RESOURCE_NOT_FOUND"),
    ErrorCode.ENDPOINT_NOT_FOUND: ("KAM00", "RESOURCE_NOT_FOUND"),
    ErrorCode.RESOURCE_DOES_NOT_EXIST: ("KAM00", "RESOURCE_NOT_FOUND"),
    ErrorCode.PERMISSION_DENIED: ("KAM00", "PERMISSION_DENIED"),
    ErrorCode.CUSTOMER_UNAUTHORIZED: ("KAM00", "PERMISSION_DENIED"),
    ErrorCode.FEATURE_DISABLED: ("KAM00", "FEATURE_DISABLED"),
    ErrorCode.RESOURCE_ALREADY_EXISTS: ("KAM00", "RESOURCE_ALREADY_EXISTS"),
}


class MlflowException(Exception):
    """Root of the tree; a subclass names one reason by its `code`.

    Args:
        message: what happened, the value in quotes, then what to do.
        error_code: a number or name of `ErrorCode`; the class's own code when omitted.
        sqlstate: five characters; from the code when omitted.
        error_class: a coarser reason; from the code when omitted.
        **kwargs: extra members of the JSON form.
    """

    code: ClassVar[ErrorCode] = ErrorCode.INTERNAL_ERROR
    by_code: ClassVar[dict[str, type[MlflowException]]] = {}

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "code" in vars(cls):
            MlflowException.by_code[cls.code.name] = cls

    def __init__(
        self,
        message: object,
        error_code: int | str | None = None,
        sqlstate: str | None = None,
        error_class: str | None = None,
        **kwargs: Any,
    ) -> None:
        self.message = str(message)
        number = self.code if error_code is None else _code(error_code)
        state, class_ = _SQL_STATE.get(number, (None, None))
        self.error_code = number.name
        self.sqlstate = sqlstate or state
        self.error_class = error_class or class_
        self.json_kwargs = kwargs
        super().__init__(self.message)

    def to_wire(self) -> dict[str, Any]:
        """The members of the JSON error body."""
        body: dict[str, Any] = {"error_code": self.error_code, "message": self.message, **self.json_kwargs}
        if self.sqlstate:
            body |= {"sqlstate": self.sqlstate, "error_class": self.error_class}
        return body

    def serialize_as_json(self) -> str:
        """The JSON error body."""
        return json.dumps(self.to_wire())

    def get_http_status_code(self) -> int:
        """The HTTP status that carries this failure."""
        return _STATUS.get(_code(self.error_code), 500)

    @classmethod
    def invalid_parameter_value(
        cls, message: str, sqlstate: str | None = None, error_class: str | None = None, **kwargs: Any
    ) -> Self:
        """An exception of this class with the code INVALID_PARAMETER_VALUE."""
        return cls(message, ErrorCode.INVALID_PARAMETER_VALUE, sqlstate, error_class, **kwargs)


def _code(given: int | str) -> ErrorCode:
    try:
        return ErrorCode[given] if isinstance(given, str) else ErrorCode(given)
    except (KeyError, ValueError):
        return ErrorCode.INTERNAL_ERROR


class InvalidParameterValue(MlflowException):
    """A value the caller sent is not acceptable."""

    code = ErrorCode.INVALID_PARAMETER_VALUE


class BadRequest(MlflowException):
    """The request clashes with what is stored."""

    code = ErrorCode.BAD_REQUEST


class ResourceAlreadyExists(MlflowException):
    """The name is taken."""

    code = ErrorCode.RESOURCE_ALREADY_EXISTS


class ResourceDoesNotExist(MlflowException):
    """There is no such experiment, run, or file."""

    code = ErrorCode.RESOURCE_DOES_NOT_EXIST


class EndpointNotFound(MlflowException):
    """The server has no such route."""

    code = ErrorCode.ENDPOINT_NOT_FOUND


class Unauthenticated(MlflowException):
    """Nobody is signed in."""

    code = ErrorCode.UNAUTHENTICATED


class PermissionDenied(MlflowException):
    """The caller is known, but not allowed to do this."""

    code = ErrorCode.PERMISSION_DENIED


class ResourceConflict(MlflowException):
    """Somebody else changed the resource first."""

    code = ErrorCode.RESOURCE_CONFLICT


class PromotionRefused(MlflowException):
    """A check of the registry is against a version taking an alias or a stage.

    Attributes:
        evidence: what all checks found.
    """

    code = ErrorCode.INVALID_STATE_TRANSITION
    evidence: Sequence[Any] = ()


class RequestLimitExceeded(MlflowException):
    """Too many requests; try again later."""

    code = ErrorCode.REQUEST_LIMIT_EXCEEDED


class InvalidState(MlflowException):
    """The resource's state does not allow this."""

    code = ErrorCode.INVALID_STATE


class DataLoss(MlflowException):
    """Stored or transferred bytes do not match their digest."""

    code = ErrorCode.DATA_LOSS


class FeatureDisabled(MlflowException):
    """The server has this feature switched off."""

    code = ErrorCode.FEATURE_DISABLED


class NotImplementedByStore(MlflowException):
    """This kind of store cannot do that."""

    code = ErrorCode.NOT_IMPLEMENTED


class MlflowNotImplementedException(NotImplementedByStore):
    """The same, under the name that plugins know; its message is optional."""

    def __init__(self, message: object = "") -> None:
        super().__init__(message)


class TemporarilyUnavailable(MlflowException):
    """The server or its database is not ready; trying again is right."""

    code = ErrorCode.TEMPORARILY_UNAVAILABLE


class Unreachable(TemporarilyUnavailable):
    """No connection to the server could be made, or it broke before an answer came."""


class DeadlineExceeded(MlflowException):
    """The work took longer than allowed."""

    code = ErrorCode.DEADLINE_EXCEEDED


class ExecutionException(MlflowException):
    """A project's command failed."""


class MissingConfigException(MlflowException):
    """A configuration file or key is missing."""


class InvalidUrlException(MlflowException):
    """A URL cannot be used."""


class MlflowTracingException(MlflowException):
    """Tracing of generative applications is not part of this distribution."""


class RestException(MlflowException):
    """A failure that a server answered; also an instance of the class its error code names.

    Args:
        json: the decoded error body, with `error_code` and `message`.
    """

    def __init__(self, json: dict[str, Any]) -> None:
        code = str(json.get("error_code", ErrorCode.INTERNAL_ERROR.name))
        self.json = json
        super().__init__(
            f"{code}: {json['message']}" if "message" in json else f"{code}: Response: {json}",
            code,
            json.get("sqlstate"),
            json.get("error_class"),
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return rest_exception, (self.json,)


_REST: dict[str, type[RestException]] = {}


def rest_exception(json: dict[str, Any]) -> RestException:
    """The exception for an error body: a `RestException` that `except ResourceDoesNotExist` catches too."""
    code = str(json.get("error_code"))
    reason = MlflowException.by_code.get(code)
    if reason is None:
        return RestException(json)
    if code not in _REST:
        _REST[code] = type(f"Rest{reason.__name__}", (RestException, reason), {"__doc__": reason.__doc__})
    return _REST[code](json)


def get_error_code(http_status: int) -> str:
    """The error code that best describes a bare HTTP status."""
    return next((code.name for code, status in _STATUS.items() if status == http_status), ErrorCode.INTERNAL_ERROR.name)
