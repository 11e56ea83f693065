"""What must never be captured: files that hold keys or passwords, by name and by content, and arguments that do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import PurePosixPath

from mlflow.tracking.capture.repository import without_credentials

__all__ = ["holds_private_key", "redacted_arguments", "secret_name"]

_NAMES = (
    ".env", ".env.*", "*.env", ".envrc",
    "*.pem", "*.key", "*.p12", "*.pfx", "*.jks", "*.keystore", "*.kdbx", "*.ppk", "*.asc", "*.gpg", "*.age",
    "id_*", "credentials", "credentials.*", "*credentials*.json", "*credentials*.y*ml", "client_secret*.json",
    "*service*account*.json", "secret", "secrets", "secret.*", "secrets.*", "*.secret", "*.secrets", "*_secret",
    "*_secrets",
    "token", "tokens", "token.*", "tokens.*", "*.token", "*.tokens", "*_token", "*_tokens", "*-token", ".*token",
    "*_token.txt", "*-token.txt", "password*", "passwd", "*.htpasswd", ".htpasswd",
    ".netrc", "_netrc", ".pgpass", ".my.cnf", ".git-credentials", ".npmrc", ".pypirc", ".dockercfg", ".s3cfg", ".boto",
    "kubeconfig", "*.kubeconfig", "kaggle.json", "*.tfstate", "*.tfvars", "wallet.dat",
)  # fmt: skip
_FOLDERS = frozenset(
    {".ssh", ".aws", ".azure", ".gcloud", ".gnupg", ".kube", ".docker", ".secrets", "secrets", ".password-store"}
)
_KEY_HEADER = re.compile(rb"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY|PuTTY-User-Key-File-|AGE-SECRET-KEY-1")
_SECRET_OPTION = re.compile(
    r"(pass(word|wd|phrase)?|pwd|token|secret|api[-_]?key|access[-_]?key|credentials?)$", re.IGNORECASE
)
_ASSIGNMENT = re.compile(r"(?P<name>[\w.+-]+)=(?P<value>.*)", re.DOTALL)
_REDACTED = "[redacted]"


def secret_name(path: str) -> bool:
    """Whether a path, with forward slashes, names a file that usually holds a secret."""
    *folders, name = PurePosixPath(path.lower()).parts or ("",)
    return not _FOLDERS.isdisjoint(folders) or any(fnmatch(name, pattern) for pattern in _NAMES)


def holds_private_key(content: bytes) -> bool:
    """Whether the header of a private key stands anywhere in `content`."""
    return _KEY_HEADER.search(content) is not None


def redacted_arguments(arguments: Iterable[str]) -> list[str]:
    """Command-line arguments, less the values of options named like a password and the credentials in URLs."""
    return list(_redacted(arguments))


def _redacted(arguments: Iterable[str]) -> Iterator[str]:
    value_follows = False
    for argument in arguments:
        assignment = _ASSIGNMENT.fullmatch(argument)
        if value_follows and not argument.startswith("-"):
            yield _REDACTED
        elif assignment and _SECRET_OPTION.search(assignment["name"]):
            yield f"{assignment['name']}={_REDACTED}"
        elif assignment:
            yield f"{assignment['name']}={_plain_url(assignment['value'])}"
        else:
            yield _plain_url(argument)
        value_follows = argument.startswith("-") and not assignment and bool(_SECRET_OPTION.search(argument))


def _plain_url(text: str) -> str:
    try:
        return without_credentials(text) if "://" in text and "@" in text else text
    except ValueError:
        return _REDACTED
