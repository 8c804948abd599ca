"""Debian's and Ubuntu's packages, where this process may install them."""

import os
import shutil
import subprocess


def install(package: str) -> bool:
    """Install a package with apt, as root or through a sudo that asks no password.

    Says whether it is installed now; False where there is no apt or no right to use it.
    """
    apt = shutil.which("apt-get")
    prefix = _becoming_root() if apt else None
    if apt is None or prefix is None:
        return False
    print(f"Installing Debian's package {package} ...", flush=True)
    apt_get = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", apt, "--quiet=2", "--yes"]
    subprocess.run([*apt_get, "update"], check=False)
    wanted = [*apt_get, "install", "--no-install-recommends", package]
    return subprocess.run(wanted, stdout=subprocess.DEVNULL, check=False).returncode == 0


def offers(package: str) -> bool:
    """Whether the lists of packages on this machine know ``package``; nothing is fetched."""
    apt = shutil.which("apt-cache")
    if apt is None:
        return False
    asked = [apt, "show", "--no-all-versions", package]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def _becoming_root() -> list[str] | None:
    """What to put before a command so that root runs it; None where that takes a password."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if (
        sudo
        and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return [sudo, "-n"]
    return None
