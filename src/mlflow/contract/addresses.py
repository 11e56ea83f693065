"""Addresses of stores, as messages may show them."""

from __future__ import annotations

from urllib.parse import urlsplit

__all__ = ["shown"]


def shown(uri: str) -> str:
    """The address without its password."""
    parts = urlsplit(uri)
    return uri.replace(f":{parts.password}@", ":***@") if parts.password else uri
