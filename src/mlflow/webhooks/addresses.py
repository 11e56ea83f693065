"""Where webhooks may lead: names are resolved once, and the address that was judged is the one that is connected to."""

from __future__ import annotations

import ipaddress
import socket
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from mlflow.environment_variables import MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS, MLFLOW_WEBHOOK_ALLOWED_SCHEMES
from mlflow.exceptions import InvalidParameterValue, MlflowException

__all__ = ["Target", "Unresolved", "check_url", "resolve"]

_MAX_URL = 2048  # characters
_PORTS = {"http": 80, "https": 443}


class Unresolved(MlflowException):
    """A name that leads nowhere at the moment."""


class Target(NamedTuple):
    """A URL with the addresses that its host had when it was judged."""

    url: SplitResult
    host: str
    port: int
    addresses: tuple[str, ...]


def check_url(url: str) -> None:
    """Raise unless webhooks may be sent to a URL.

    Raises:
        InvalidParameterValue: its scheme is not allowed, it has no host, or the host is not public or unknown.
    """
    try:
        resolve(url)
    except Unresolved as exc:
        raise InvalidParameterValue(exc.message) from exc


def resolve(url: str) -> Target:
    """Where a URL leads.

    Raises:
        InvalidParameterValue: webhooks may not be sent there.
        Unresolved: the host has no address now.
    """
    parts = _split(url)
    schemes = MLFLOW_WEBHOOK_ALLOWED_SCHEMES.get()
    if parts.scheme not in schemes:
        raise InvalidParameterValue(
            f"Invalid webhook URL scheme: '{parts.scheme}'. Allowed schemes are: {', '.join(sorted(schemes))}. "
            "MLFLOW_WEBHOOK_ALLOWED_SCHEMES of the server lists them."
        )
    if not parts.hostname:
        raise InvalidParameterValue(f"Webhook URL must include a hostname: '{url}'")
    port = parts.port or _PORTS.get(parts.scheme, 443)
    addresses = _addresses(parts.hostname, port)
    if not MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS.get():
        private = [address for address in addresses if not _is_public(address)]
        if private:
            raise InvalidParameterValue(
                f"Webhook URL '{url}' leads to '{private[0]}', which is no public address. Use a public one, or start "
                "the server with MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS=true."
            )
    return Target(parts, parts.hostname, port, addresses)


def _split(url: str) -> SplitResult:
    if len(url) > _MAX_URL:
        raise InvalidParameterValue(
            f"The webhook URL '{url[:60]}…' has {len(url)} characters; shorten it to {_MAX_URL}."
        )
    if any(character <= " " or character == "\\" for character in url):
        raise InvalidParameterValue(f"The webhook URL {url!r} has a space or control character in it; encode it.")
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as exc:
        raise InvalidParameterValue(f"The webhook URL '{url}' cannot be read: {exc}. Correct it.") from exc
    return parts


def _addresses(host: str, port: int) -> tuple[str, ...]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as exc:
        raise Unresolved(f"The webhook's host '{host}' cannot be resolved: {exc}. Check the name.") from exc
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None:
            return _is_public(str(inner))
        if ip in _NAT64:
            return _is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and not ip.is_unspecified


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
