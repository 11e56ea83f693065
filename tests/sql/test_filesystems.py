from pathlib import Path

import pytest

from mlflow.sql.filesystems import is_network_folder

MOUNTS = """\
22 1 259:1 / / rw,relatime shared:1 - ext4 /dev/root rw
30 22 0:26 / /mnt/share rw shared:2 - nfs4 server:/export rw
31 30 0:27 / /mnt/share/local rw - ext4 /dev/sdb rw
32 22 0:28 / /mnt/with\\040space rw - cifs //server/x rw
33 22 0:29 / /mnt/home rw master:1 - fuse.sshfs me@host: rw
34 22 0:30 / /mnt/hidden rw - nfs a:/b rw
35 22 0:31 / /mnt/hidden rw - tmpfs tmpfs rw
"""


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("/var/lib", False),
        ("/mnt/share", True),
        ("/mnt/share/deep/er", True),
        ("/mnt/share/local/x", False),
        ("/mnt/sharedfolder", False),
        ("/mnt/with space/x", True),
        ("/mnt/home/x", True),
        ("/mnt/hidden/x", False),
    ],
)
def test_folder_is_told_by_the_mount_it_lies_on(tmp_path: Path, folder: str, expected: bool) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS)
    assert is_network_folder(Path(folder), mounts) is expected


def test_without_a_list_of_mounts_folders_count_as_local(tmp_path: Path) -> None:
    assert not is_network_folder(tmp_path, tmp_path / "absent")
