"""Which folders lie on another machine."""

from __future__ import annotations

from pathlib import Path

__all__ = ["is_network_folder"]

_NETWORK = {
    "9p",
    "afs",
    "beegfs",
    "ceph",
    "cifs",
    "gpfs",
    "glusterfs",
    "lustre",
    "ncpfs",
    "nfs",
    "nfs4",
    "smb3",
    "smbfs",
}
_MOUNTS = Path("/proc/self/mountinfo")


def is_network_folder(folder: Path, mounts: Path = _MOUNTS) -> bool:
    """Whether a folder is on a network file system, as far as the kernel's list of mounts (Linux) tells.

    Args:
        folder: need not exist.
        mounts: a list as in proc(5), mountinfo.
    """
    try:
        lines = mounts.read_text().splitlines()
    except OSError:
        return False
    kinds = dict(_mount(line) for line in lines)
    resolved = folder.resolve()
    here = next((kinds[str(place)] for place in (resolved, *resolved.parents) if str(place) in kinds), "")
    return here in _NETWORK or here.startswith("fuse.sshfs")


def _mount(line: str) -> tuple[str, str]:
    """The folder and the file system of one line; a later mount on the same folder hides the earlier."""
    before, _, after = line.partition(" - ")
    folder = before.split()[4].replace("\\040", " ")
    return folder, after.split()[0]
