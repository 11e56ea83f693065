"""`mlflow server`: the tracking server."""

from __future__ import annotations

import click

from mlflow.cli.options import listed, listening
from mlflow.exceptions import InvalidParameterValue

__all__ = ["server"]


@click.command()
@click.option(
    "--backend-store-uri",
    envvar="MLFLOW_BACKEND_STORE_URI",
    metavar="URI",
    help="The database: sqlite:///file, postgresql://…, mysql://….  [default: mlflow.db in this folder]",
)
@click.option(
    "--registry-store-uri",
    envvar="MLFLOW_REGISTRY_STORE_URI",
    metavar="URI",
    help="The registry's database; the backend store's when omitted.",
)
@click.option(
    "--read-replica-backend-store-uri",
    envvar="MLFLOW_READ_REPLICA_BACKEND_STORE_URI",
    metavar="URI",
    help="Accepted for scripts that pass it; reads go to the backend store.",
)
@click.option(
    "--default-artifact-root",
    envvar="MLFLOW_DEFAULT_ARTIFACT_ROOT",
    metavar="URI",
    help="Where new experiments keep files.  [default: behind this server, mlflow-artifacts:/]",
)
@click.option(
    "--serve-artifacts/--no-serve-artifacts",
    envvar="MLFLOW_SERVE_ARTIFACTS",
    default=True,
    show_default=True,
    help="Let clients read and write files through this server.",
)
@click.option("--artifacts-only", is_flag=True, envvar="MLFLOW_ARTIFACTS_ONLY", help="Serve files and nothing else.")
@click.option(
    "--artifacts-destination",
    envvar="MLFLOW_ARTIFACTS_DESTINATION",
    default="./mlartifacts",
    show_default=True,
    metavar="URI",
    help="Where the files that this server serves lie.",
)
@listening
@click.option(
    "--workers", "-w", envvar="MLFLOW_WORKERS", type=click.IntRange(1), default=1, show_default=True,
    help="Processes; more than one pays off on PostgreSQL and MySQL.",
)  # fmt: skip
@click.option("--static-prefix", envvar="MLFLOW_STATIC_PREFIX", default="", help="Serve everything below this path.")
@click.option(
    "--allowed-hosts",
    envvar="MLFLOW_SERVER_ALLOWED_HOSTS",
    default="",
    help="Names this server answers to, separated by commas, * allowed.  [default: this machine, private networks]",
)
@click.option(
    "--cors-allowed-origins",
    envvar="MLFLOW_SERVER_CORS_ALLOWED_ORIGINS",
    default="",
    help="Web origins that may call the API, separated by commas, * allowed.",
)
@click.option(
    "--disable-security-middleware",
    is_flag=True,
    envvar="MLFLOW_SERVER_DISABLE_SECURITY_MIDDLEWARE",
    help="Check neither Host nor Origin; any web page can then drive this server.",
)
@click.option(
    "--x-frame-options",
    envvar="MLFLOW_SERVER_X_FRAME_OPTIONS",
    default="SAMEORIGIN",
    show_default=True,
    help="Who may show the page in a frame: SAMEORIGIN, DENY or NONE (no header).",
)
@click.option("--uvicorn-opts", envvar="MLFLOW_UVICORN_OPTS", default="", help="Further options of uvicorn's command.")
@click.option("--gunicorn-opts", envvar="MLFLOW_GUNICORN_OPTS", default="", hidden=True)
@click.option("--waitress-opts", default="", hidden=True)
@click.option("--dev", is_flag=True, help="Log each request, and failures in full.")
@click.option("--expose-prometheus", envvar="MLFLOW_EXPOSE_PROMETHEUS", hidden=True, help="/metrics is always there.")
@click.option("--app-name", type=click.Choice(["basic-auth"]), hidden=True)
@click.option("--enable-workspaces/--disable-workspaces", default=False, hidden=True)
@click.option("--workspace-store-uri", envvar="MLFLOW_WORKSPACE_STORE_URI", hidden=True)
@click.option("--trace-archival-config", envvar="MLFLOW_TRACE_ARCHIVAL_CONFIG", hidden=True)
@click.option("--secrets-cache-ttl", type=int, hidden=True)
@click.option("--secrets-cache-max-size", type=int, hidden=True)
def server(
    backend_store_uri: str | None,
    registry_store_uri: str | None,
    default_artifact_root: str | None,
    serve_artifacts: bool,
    artifacts_only: bool,
    artifacts_destination: str,
    host: str,
    port: int,
    workers: int,
    static_prefix: str,
    allowed_hosts: str,
    cors_allowed_origins: str,
    disable_security_middleware: bool,
    x_frame_options: str,
    uvicorn_opts: str,
    gunicorn_opts: str,
    waitress_opts: str,
    dev: bool,
    app_name: str | None,
    enable_workspaces: bool,
    **accepted: object,
) -> None:
    """Run the tracking server.

    \b
    Examples:
      mlflow server
      mlflow server --backend-store-uri postgresql://user@db/mlflow --artifacts-destination s3://bucket/files
      mlflow server --host 0.0.0.0 --allowed-hosts mlflow.example.com --static-prefix /mlflow
    """
    _refuse_later_parts(app_name, enable_workspaces)
    if gunicorn_opts or waitress_opts:
        click.echo("This server is uvicorn: --gunicorn-opts and --waitress-opts have no effect.", err=True)
    from mlflow.server.run import serve
    from mlflow.server.settings import ServerSettings
    from mlflow.tracking.uris import default_tracking_uri, normalized

    settings = ServerSettings(
        backend_store_uri=normalized(backend_store_uri) if backend_store_uri else default_tracking_uri(),
        registry_store_uri=normalized(registry_store_uri) if registry_store_uri else None,
        default_artifact_root=default_artifact_root,
        artifacts_destination=artifacts_destination,
        serve_artifacts=serve_artifacts or artifacts_only,
        artifacts_only=artifacts_only,
        static_prefix=_prefix(static_prefix),
        allowed_hosts=listed(allowed_hosts),
        cors_allowed_origins=listed(cors_allowed_origins),
        disable_security_middleware=disable_security_middleware,
        x_frame_options=x_frame_options,
    )
    serve(settings, host, port, workers, uvicorn_opts, verbose=dev)


def _refuse_later_parts(app_name: str | None, enable_workspaces: bool) -> None:
    if app_name:
        raise InvalidParameterValue(
            f"This version has no sign-on, so '--app-name {app_name}' cannot be honoured. Listen on 127.0.0.1, or put "
            "the server behind a proxy that signs users on."
        )
    if enable_workspaces:
        raise InvalidParameterValue("This version has no workspaces; start the server without --enable-workspaces.")


def _prefix(given: str) -> str:
    """The prefix with a slash before and none behind."""
    return f"/{given.strip('/')}" if given.strip("/") else ""
