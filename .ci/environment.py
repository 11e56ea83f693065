"""Make the virtual environments of this checkout: ``python3 .ci/environment.py NAME [NAME …]``.

``serve``, ``demo`` and ``dev`` fill ``.venv`` (each adds to the one before); all of them can build the web UI.
``oracle`` and ``frameworks`` have environments of their own under ``.venvs/``, because neither the published client nor
torch may mix with the code under test. A stamp file in each holds a digest of what was asked for, so that a second call
costs a few milliseconds.
``lock`` writes constraints/ anew. uv installs, as it is ten times faster; where it cannot be had, pip does.
"""

import hashlib
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
CONSTRAINTS = ROOT / "constraints"
EXTRA = "postgresql,mysql,s3,parquet,images"


class Environment(NamedTuple):
    """What one name installs: this project, dependency ``groups``, and ``wheels`` left to pip.

    ``sources`` are requirements without a wheel. uv builds those anew, twice, when it resolves what else they require,
    but takes them from its cache when it does not.
    """

    folder: str
    constraints: str
    project: str = ""
    groups: tuple[str, ...] = ()
    wheels: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


ENVIRONMENTS = {
    "serve": Environment(".venv", "runtime", ".", ("ui",)),
    "demo": Environment(".venv", "dev", ".", ("ui", "demo")),
    "dev": Environment(".venv", "dev", f".[{EXTRA}]", ("ui", "demo", "test", "browser", "lint", "docs")),
    "oracle": Environment(".venvs/oracle", "oracle", "", ("oracle",)),
    "frameworks": Environment(
        ".venvs/frameworks", "frameworks", ".", ("frameworks",), ("torch==2.13.0",), ("pyspark", "h2o")
    ),
}


def main(names: list[str]) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036  whoever has an older Python should read why it stops
        return fail(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}: make PYTHON=python3.12 …")
    for name in names:
        if name == "lock":
            lock()
        elif name in ENVIRONMENTS:
            prepare(name, ENVIRONMENTS[name])
        else:
            return fail(f"unknown environment {name!r}; there are: {', '.join([*ENVIRONMENTS, 'lock'])}")
    return 0


def fail(message: str) -> int:
    print(message, file=sys.stderr)
    return 1


def prepare(name: str, environment: Environment) -> None:
    folder = ROOT / environment.folder
    stamp = folder / f".made-{name}"
    digest = wanted(environment)
    if stamp.is_file() and stamp.read_text() == digest:
        return
    print(f"Setting up {environment.folder} for {name} …", file=sys.stderr)
    create(folder)
    if environment.wheels:
        run([python_of(folder), "-m", "pip", "install", "-qq", *environment.wheels])
    if environment.sources:
        install(folder, environment.constraints, ["--no-deps", *environment.sources])
    editable = ["-e", environment.project] if environment.project else []
    install(folder, environment.constraints, [*editable, *requirements(environment.groups)])
    stamp.write_text(digest)


def wanted(environment: Environment) -> str:
    """Digest everything that decides what is installed, the interpreter included."""
    parts = [repr(environment), sys.version, str(ROOT)]
    parts += [(ROOT / "pyproject.toml").read_text(), constraints_file(environment.constraints).read_text()]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def constraints_file(name: str) -> Path:
    return CONSTRAINTS / f"{name}.txt"


def create(folder: Path) -> None:
    if not (folder / "bin" / "python").exists():
        try:
            run([sys.executable, "-m", "venv", str(folder)])
        except subprocess.CalledProcessError:
            sys.exit(
                fail("`python3 -m venv` failed; on Debian and Ubuntu install the package python3-venv, then try again")
            )


def python_of(folder: Path) -> str:
    return str(folder / "bin" / "python")


def requirements(groups: tuple[str, ...]) -> list[str]:
    import tomllib  # not there before 3.11, whose absence main() reports

    table = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    return sorted({requirement for group in groups for requirement in table[group]})


def install(folder: Path, constraints: str, what: list[str]) -> None:
    """Install with uv (put into the folder's own environment first), else with that environment's pip."""
    python = python_of(folder)
    held = ["-c", str(constraints_file(constraints))]
    if has_uv(python):
        run([python, "-m", "uv", "pip", "install", "-qq", "--python", python, *uv_options(python), *held, *what])
    else:
        run([python, "-m", "pip", "install", "-qq", *held, *what])


def has_uv(python: str) -> bool:
    if subprocess.run([python, "-m", "uv", "--version"], capture_output=True, check=False).returncode == 0:
        return True
    held = ["-c", str(constraints_file("dev"))]
    return subprocess.run([python, "-m", "pip", "install", "-qq", *held, "uv"], cwd=ROOT, check=False).returncode == 0


def uv_options(python: str) -> list[str]:
    """Hand pip's own configuration on to uv, which does not read it.

    pip treats every index alike, hence the strategy: uv would stop at the first index that has the name.
    """
    listing = subprocess.run(
        [python, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    ).stdout
    options = []
    for key, value in re.findall(r"^(?:global|install|:env:)\.([a-z-]+)='(.*)'$", listing, re.MULTILINE):
        if key in {"find-links", "extra-index-url", "index-url"}:
            for address in shlex.split(value.replace("\\n", " ")):
                options += [f"--{key}", address]
        elif key == "cert":
            os.environ.setdefault("SSL_CERT_FILE", value)
    return [*distinct_pairs(options), "--index-strategy", "unsafe-best-match"] if options else []


def distinct_pairs(options: list[str]) -> list[str]:
    """Drop repeated (option, value) pairs, keeping order."""
    pairs = dict.fromkeys(zip(options[::2], options[1::2], strict=True))
    return [word for pair in pairs for word in pair]


def lock() -> None:
    """Resolve anew for every Python from 3.11 on, and write names and versions only: no index, no address."""
    create(ROOT / ".venv")
    python = python_of(ROOT / ".venv")
    if not has_uv(python):
        sys.exit(fail("uv is needed to write constraints/: pip install uv"))
    for target in ("dev", "runtime", "oracle", "frameworks"):
        resolve(python, target)


def resolve(python: str, target: str) -> None:
    users = [environment for environment in ENVIRONMENTS.values() if environment.constraints == target]
    groups = sorted({group for environment in users for group in environment.groups})
    project = ["pyproject.toml", "--all-extras"] if any(environment.project for environment in users) else []
    asked = "\n".join([*requirements(tuple(groups)), "uv"])
    command = [python, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--upgrade"]
    command += ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", *uv_options(python)]
    if target == "runtime":
        command += ["-c", str(constraints_file("dev"))]  # what is served is what was tested
    found = subprocess.run([*command, *project, "-"], cwd=ROOT, input=asked, capture_output=True, text=True, check=True)
    lines = [line.replace("+cpu", "") for line in found.stdout.splitlines() if not for_accelerators(line)]
    constraints_file(target).write_text("\n".join(lines) + "\n")


def for_accelerators(line: str) -> bool:
    """Tell whether a pin belongs to torch, whose version and build the reader's machine decides."""
    return bool(re.match(r"(torch|triton|nvidia-(?!ml-py)|cuda-)", line))


def run(command: list[str]) -> None:
    subprocess.run(command, cwd=ROOT, check=True)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except subprocess.CalledProcessError as failure:
        sys.exit(fail(f"failed ({failure.returncode}): {shlex.join(failure.cmd)}"))
