"""An image with Python for builds where none can be pulled: this interpreter, its library, and what both link to."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

__all__ = ["import_own_image"]

NAME = "localhost/mlflow-test-python:1"
_LEFT_OUT = {"site-packages", "test", "tests", "idlelib", "lib2to3", "tkinter", "turtledemo", "__pycache__"}
_LIBRARIES = Path("/lib/x86_64-linux-gnu")
_NEEDED_BY_WHEELS = ("libstdc++.so.6", "libgcc_s.so.1", "libpthread.so.0", "libdl.so.2", "librt.so.1", "libutil.so.1")
_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


def import_own_image(tool: str, folder: Path) -> str:
    """Make the image, of some 75 MB, and return its name.

    Args:
        tool: podman or docker.
        folder: an empty one.
    """
    root = folder / "root"
    _copy_python(root)
    for name in ("tmp", "var/tmp", "etc/ssl/certs"):
        (root / name).mkdir(parents=True)
    (root / "tmp").chmod(0o1777)
    shutil.copy(_CERTIFICATES, root / "etc/ssl/certs")
    subprocess.run(["tar", "-C", root, "-cf", folder / "root.tar", "."], check=True)
    subprocess.run([tool, "import", folder / "root.tar", NAME], check=True, capture_output=True)
    return NAME


def _copy_python(root: Path) -> None:
    name, prefix = f"python{sys.version_info[0]}.{sys.version_info[1]}", Path(sys.base_prefix)
    library, programs = root / "usr/local/lib" / name, root / "usr/local/bin"
    shutil.copytree(prefix / "lib" / name, library, symlinks=True, ignore=_left_out)
    (library / "site-packages").mkdir()
    programs.mkdir(parents=True)
    shutil.copy(prefix / "bin" / name, programs / name)
    for alias in ("python", "python3"):
        (programs / alias).symlink_to(name)
    linked = subprocess.run(
        ["ldd", programs / name, *library.glob("lib-dynload/*.so")], capture_output=True, text=True, check=False
    ).stdout
    found = [*map(Path, re.findall(r"(/\S+) \(0x", linked)), *(_LIBRARIES / name for name in _NEEDED_BY_WHEELS)]
    for path in dict.fromkeys(found):
        target = root / path.relative_to("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)


def _left_out(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name in _LEFT_OUT or name.startswith("config-")]
