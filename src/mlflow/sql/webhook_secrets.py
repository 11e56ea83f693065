"""How webhooks' secrets are kept: encrypted with MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY, or as they are without it.

A database is no place for the key to what it holds, so without one there is nothing to encrypt with. The form says
which it is, so that a key may be set later.
"""

from __future__ import annotations

import logging
from typing import Any

from mlflow.environment_variables import MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY
from mlflow.exceptions import InvalidState, MlflowException

__all__ = ["kept", "opened"]

_ENCRYPTED, _PLAIN = "fernet:", "plain:"
_VARIABLE = "MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY"

_logger = logging.getLogger(__name__)


def kept(secret: str) -> str | None:
    """A secret as it stands in the database; None for none."""
    if not secret:
        return None
    key = MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY.get()
    if not key:
        _logger.warning("A webhook's secret is stored unencrypted; set %s to a Fernet key to change that.", _VARIABLE)
        return f"{_PLAIN}{secret}"
    token: bytes = _fernet(key).encrypt(secret.encode())
    return f"{_ENCRYPTED}{token.decode()}"


def opened(stored: str | None) -> str | None:
    """The secret behind what stands in the database.

    Raises:
        InvalidState: it is encrypted with another key than the one that is set.
    """
    if stored is None or stored.startswith(_PLAIN):
        return None if stored is None else stored.removeprefix(_PLAIN)
    key = MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY.get()
    if not key:
        raise InvalidState(
            f"A webhook's secret is encrypted, but {_VARIABLE} is not set; set the key it was made with."
        )
    fernet = _fernet(key)
    from cryptography.fernet import InvalidToken

    try:
        return str(fernet.decrypt(stored.removeprefix(_ENCRYPTED).encode()).decode())
    except InvalidToken as exc:
        raise InvalidState(
            f"A webhook's secret is encrypted with another key than {_VARIABLE} holds; set that key, or give the "
            "webhook a new secret."
        ) from exc


def _fernet(key: str) -> Any:
    try:
        from cryptography.fernet import Fernet
    except ImportError as exc:
        raise MlflowException(f"{_VARIABLE} needs the package cryptography: pip install 'mlflow[webhooks]'.") from exc
    try:
        return Fernet(key.encode())
    except ValueError as exc:
        raise InvalidState(
            f"{_VARIABLE} is no Fernet key: {exc} Make one with "
            "`python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'`."
        ) from exc
