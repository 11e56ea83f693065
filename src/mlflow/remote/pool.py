"""Pooled connections to one server, as the environment says: certificates, proxies, sizes."""

from __future__ import annotations

import os
import ssl
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3

from mlflow.environment_variables import (
    MLFLOW_HTTP_POOL_CONNECTIONS,
    MLFLOW_HTTP_POOL_MAXSIZE,
    MLFLOW_TRACKING_CLIENT_CERT_PATH,
    MLFLOW_TRACKING_INSECURE_TLS,
    MLFLOW_TRACKING_SERVER_CERT_PATH,
)

__all__ = ["open_pool"]


def open_pool(uri: str, **options: Any) -> urllib3.PoolManager:
    """Connections to a server, through the proxy that HTTP_PROXY, HTTPS_PROXY and NO_PROXY name for it.

    Args:
        uri: the server's address.
        **options: of the pool, beyond or instead of those of the environment.
    """
    options = {
        "num_pools": MLFLOW_HTTP_POOL_CONNECTIONS.get(),
        "maxsize": MLFLOW_HTTP_POOL_MAXSIZE.get(),
        "cert_file": MLFLOW_TRACKING_CLIENT_CERT_PATH.get(),
        **_verification(),
        **options,
    }
    proxy = _proxy(uri)
    return urllib3.ProxyManager(proxy, **options) if proxy else urllib3.PoolManager(**options)


def _verification() -> dict[str, Any]:
    if MLFLOW_TRACKING_INSECURE_TLS.get():
        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        return {"cert_reqs": ssl.CERT_NONE}
    # the two others are what users of requests set
    named = MLFLOW_TRACKING_SERVER_CERT_PATH.get() or os.environ.get("REQUESTS_CA_BUNDLE")
    trusted = named or os.environ.get("CURL_CA_BUNDLE")
    if not trusted:
        return {"cert_reqs": ssl.CERT_REQUIRED}
    return {"cert_reqs": ssl.CERT_REQUIRED, "ca_cert_dir" if Path(trusted).is_dir() else "ca_certs": trusted}


def _proxy(uri: str) -> str | None:
    parts = urlsplit(uri)
    if not parts.hostname or proxy_bypass(parts.netloc.rpartition("@")[2]):
        return None
    found = getproxies()
    proxy = found.get(parts.scheme) or found.get("all")
    return proxy if not proxy or "://" in proxy else f"http://{proxy}"
