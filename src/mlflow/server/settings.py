"""What a server is told when it starts; each field is an option of `mlflow server`."""

from __future__ import annotations

import msgspec

__all__ = ["ServerSettings"]


class ServerSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The server's options.

    `static_prefix` starts with a slash and does not end with one, or is empty. Lists of hosts and origins may have `*`
    wildcards; empty means the defaults: this machine and private networks, and the server's own origin.
    """

    backend_store_uri: str
    registry_store_uri: str | None = None
    default_artifact_root: str | None = None
    artifacts_destination: str = "./mlartifacts"
    serve_artifacts: bool = True
    artifacts_only: bool = False
    static_prefix: str = ""
    allowed_hosts: tuple[str, ...] = ()
    cors_allowed_origins: tuple[str, ...] = ()
    disable_security_middleware: bool = False
    x_frame_options: str = "SAMEORIGIN"

    @property
    def artifact_root(self) -> str:
        """Where new experiments keep their files: behind this server while it serves artifacts."""
        return self.default_artifact_root or ("mlflow-artifacts:/" if self.serve_artifacts else "./mlruns")
