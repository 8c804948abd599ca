"""Whether a folder lies on a disk of another machine, where SQLite's locks cannot be relied on."""

import re
import sys
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")
OVER_THE_NETWORK = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "coda", "ceph", "lustre"),
        *("glusterfs", "gpfs", "beegfs", "ocfs2", "gfs2", "davfs", "davfs2", "vboxsf", "prl_fs"),
        *("fuse.sshfs", "fuse.glusterfs", "fuse.ceph", "fuse.davfs2", "fuse.rclone", "fuse.s3fs"),
        *("fuse.gvfsd-fuse", "fuse.curlftpfs", "fuse.smbnetfs", "fuse.vmhgfs-fuse", "fuse.gcsfuse"),
    }
)
"""File systems by the names that Linux gives them; a host's folder shown in a virtual machine is one, too."""
OUTSIDE = re.compile(r"trans=(virtio|tcp)|aname=drvfs")
"""9p is such a folder where it comes from a host or a network (also WSL's drives of Windows). Some
containers have their own, whole disk by it, and that is as good as any."""
REMOTE = 4
"""What Windows' ``GetDriveTypeW`` says of a drive of another machine."""


def network_share(folder: Path) -> str | None:
    """What kind of share ``folder`` lies on; None where it is a disk of this machine, or nobody knows."""
    if sys.platform == "win32":
        return _windows_share(folder)
    try:
        mounts = MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return None
    return share_among(mounts, folder.resolve())


def share_among(mounts: str, folder: Path) -> str | None:
    """The same, by the text of Linux's ``mountinfo`` (proc(5)); of two mounts on one folder the later holds."""
    found: tuple[int, str | None] = (0, None)
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        kind, _source, options = (*after.split(" ", 2), "", "", "")[:3]
        place = Path(_unescaped(before.split(" ")[4]))
        if folder.is_relative_to(place) and len(place.parts) >= found[0]:
            found = (len(place.parts), kind if _is_share(kind, options) else None)
    return found[1]


def _unescaped(place: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), place)


def _is_share(kind: str, options: str) -> bool:
    return kind in OVER_THE_NETWORK or (kind == "9p" and bool(OUTSIDE.search(options)))


if sys.platform == "win32":
    import ctypes

    def _windows_share(folder: Path) -> str | None:
        anchor = folder.resolve().anchor
        if re.match(r"\\\\(?![?.]\\(?!UNC))", anchor):
            return anchor.rstrip("\\")
        return anchor if ctypes.windll.kernel32.GetDriveTypeW(anchor) == REMOTE else None
