"""`mlflow models generate-dockerfile`, `build-docker`, `generate-kubernetes`: models in containers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

__all__ = ["build_docker", "generate_dockerfile", "generate_kubernetes"]

F = TypeVar("F", bound=Callable[..., Any])


def _contents(command: F) -> F:
    """The options of what an image holds."""
    options = (
        click.option(
            "--model-uri",
            "-m",
            metavar="URI",
            help="A folder, or a models:, runs:, s3: … URI.  [default: none; mount one at /opt/ml/model]",
        ),
        click.option(
            "--env-manager",
            type=click.Choice(["local", "virtualenv", "uv", "conda"]),
            default="virtualenv",
            show_default=True,
            help="conda for the model's conda.yaml; the others give a virtual environment of its requirements.",
        ),
        click.option(
            "--base-image", metavar="IMAGE", help="Image with Python to start from.  [default: python:X.Y-slim]"
        ),
        click.option("--install-java", type=bool, help="Whether to install Java.  [default: for models that need it]"),
        click.option("--mlflow-home", metavar="PATH", help="Refused: images have the mlflow that runs the command."),
        click.option("--install-mlflow", is_flag=True, hidden=True),  # mlflow is in every image
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command("generate-dockerfile")
@_contents
@click.option(
    "--output-directory",
    "-d",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("mlflow-dockerfile"),
    show_default=True,
    help="Folder for the files.",
)
def generate_dockerfile(
    model_uri: str | None,
    env_manager: str,
    base_image: str | None,
    install_java: bool | None,
    mlflow_home: str | None,
    install_mlflow: bool,
    output_directory: Path,
) -> None:
    """Write a Dockerfile, and what it copies, for an image that serves a model.

    The image has the model's requirements and this mlflow, runs as a user without rights, and listens at port 8080.

    \b
    Examples:
      mlflow models generate-dockerfile -m models:/churn/1 -d churn
      docker build -t churn:1 churn
    """
    from mlflow.serving.images.build import write_dockerfile

    write_dockerfile(
        output_directory, model_uri, env_manager, mlflow_home, install_java=install_java, base_image=base_image
    )
    click.echo(f"Wrote '{output_directory / 'Dockerfile'}'.", err=True)


@click.command("build-docker")
@_contents
@click.option("--name", "-n", default="mlflow-pyfunc-servable", show_default=True, help="Name of the image.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[-- BUILD ARGUMENTS]")
def build_docker(
    model_uri: str | None,
    env_manager: str,
    base_image: str | None,
    install_java: bool | None,
    mlflow_home: str | None,
    install_mlflow: bool,
    name: str,
    arguments: tuple[str, ...],
) -> None:
    """Build an image that serves a model, by docker, podman or buildah.

    Run it with port 8080 published; MLFLOW_SCORING_SERVER_TOKEN and the other settings are its environment's. What
    stands behind `--` is for the builder.

    \b
    Examples:
      mlflow models build-docker -m models:/churn@champion -n churn:7
      mlflow models build-docker -m ./model -n churn:7 -- --platform linux/arm64
      docker run -p 8080:8080 churn:7
    """
    from mlflow.serving.images.build import build_image, write_dockerfile
    from mlflow.serving.images.recipe import check_image
    from mlflow.temporary_folders import temporary_folder

    check_image(name)
    with temporary_folder("image") as context:
        write_dockerfile(context, model_uri, env_manager, mlflow_home, install_java=install_java, base_image=base_image)
        build_image(context, name, arguments)
    click.echo(f"Built the image '{name}'. Run it: docker run -p 8080:8080 {name}", err=True)


@click.command("generate-kubernetes")
@click.option("--image", "-i", required=True, help="Image that `mlflow models build-docker` built, with its registry.")
@click.option("--name", "-n", required=True, help="Name of everything that is made, and of the model to its callers.")
@click.option("--namespace", help="Namespace.  [default: the current one]")
@click.option("--replicas", type=int, default=1, show_default=True, help="The fewest pods.")
@click.option("--max-replicas", type=int, default=4, show_default=True, help="The most pods.")
@click.option("--cpu", default="500m", show_default=True, help="CPU that a pod asks for.")
@click.option("--memory", default="1Gi", show_default=True, help="Memory that a pod asks for, and its limit.")
@click.option(
    "--cpu-target",
    type=click.IntRange(1, 100),
    default=70,
    show_default=True,
    help="Percent of that CPU above which pods are added.",
)
@click.option(
    "--timeout", "-t", type=click.IntRange(1), default=60, show_default=True, help="Seconds a request may take."
)
@click.option("--token-secret", metavar="NAME", help="Secret whose key 'token' holds the token that callers send.")
@click.option("--env", metavar="NAME=VALUE", multiple=True, help="A variable for the server; repeatable.")
@click.option("--kserve", is_flag=True, help="An InferenceService for KServe, in place of the three.")
@click.option(
    "--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="File to write.  [default: stdout]"
)
def generate_kubernetes(output: Path | None, kserve: bool, env: tuple[str, ...], **options: Any) -> None:
    """Write manifests that run an image in Kubernetes: Deployment, Service and HorizontalPodAutoscaler.

    Pods run without root and with a read-only disk; probes ask the server, and what is in flight is answered before a
    pod ends.

    \b
    Examples:
      mlflow models generate-kubernetes -i registry.example/churn:7 -n churn | kubectl apply -f -
      mlflow models generate-kubernetes -i registry.example/churn:7 -n churn --kserve -o churn.yaml
    """
    from mlflow.cli.serving import pair
    from mlflow.serving.images.kubernetes import Workload, inference_service, manifests, to_yaml

    workload = Workload(**options, variables=dict(map(pair, env)))
    text = to_yaml(inference_service(workload) if kserve else manifests(workload))
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")
        click.echo(f"Wrote '{output}'.", err=True)
