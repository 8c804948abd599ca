"""``service install|uninstall``: the server starts with the machine and after a crash, with nobody at it."""

import getpass
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from kanban.commands.addresses import is_papan_sop
from kanban.commands.serve import address_options
from kanban.commands.systemd import Unit, environment_text
from kanban.commands.windows_task import script_text, task_text
from kanban.config import ROOT, Settings
from kanban.database import is_set_up
from kanban.server.addresses import EVERYWHERE, address
from kanban.server.machine import SERVICE
from kanban.storage import write_whole

NAME = "papan-sop"
SYSTEM_UNITS = Path("/etc/systemd/system")
USER_UNITS = Path(".config/systemd/user")
SYSTEMD_RUNS = Path("/run/systemd/system")
"""Is there where systemd started the machine (sd_booted(3))."""
ENVIRONMENT = "service.env"
FOLDERS = ("KANBAN_INSTANCE", "KANBAN_BACKUP")
"""Variables that name a folder, which a service must not look for beside where it happens to start."""
PATIENCE = 15.0
"""Seconds in which the service should answer."""


@click.group()
def service() -> None:
    """Nyalakan program bersama komputernya."""


@service.command()
@address_options
@with_appcontext
def install(host: str | None, lan: bool, port: int | None) -> None:
    """Pasang sebagai layanan: menyala bersama komputer dan sesudah gangguan."""
    settings: Settings = current_app.config["SETTINGS"]
    if not is_set_up():
        raise click.ClickException(
            "Kantor belum disiapkan. Jalankan dahulu sekali: python3 run.py, siapkan kantornya, "
            "hentikan dengan Ctrl+C, lalu ulangi perintah ini."
        )
    where = host or (EVERYWHERE if lan else settings.host)
    options = ["--host", where, "--port", str(port or settings.port)]
    variables = _variables(settings, os.environ)
    try:
        if os.name == "nt":
            _write_task(settings, options, variables)
        elif _has_systemd():
            _install_unit(settings, where, port or settings.port, options, variables)
        else:
            raise click.ClickException(
                "Komputer ini tidak dijalankan oleh systemd, jadi layanan tidak dapat dipasang sendiri. "
                "Tambahkan program ini pada cara komputer ini menyalakan layanan; dengan cron "
                "(crontab -e), misalnya, satu baris ini:\n"
                f"    {_at_reboot(options, variables)}"
            )
    except ValueError as fault:
        raise click.ClickException(
            f"{fault}: nilainya memuat tanda yang tidak dapat diteruskan."
        ) from None
    except PermissionError as fault:
        raise click.ClickException(f"{fault.filename}: tidak ada izin untuk menulis.") from None


@service.command()
@with_appcontext
def uninstall() -> None:
    """Lepas layanan; data tetap ada."""
    settings: Settings = current_app.config["SETTINGS"]
    name = _name(settings.instance)
    if os.name == "nt":
        click.echo(
            "Sebagai administrator Windows jalankan:\n"
            f'    schtasks /End /TN "{name}"\n    schtasks /Delete /TN "{name}" /F'
        )
        return
    if not _has_systemd():
        raise click.ClickException(
            "Komputer ini tidak dijalankan oleh systemd, jadi perintah ini tidak memasang layanan apa "
            "pun di sini. Bila Anda sendiri menambahkan program ini, misalnya satu baris @reboot pada "
            "crontab -e, hapuslah di sana."
        )
    unit = _unit_file(name)
    if not unit.exists():
        raise click.ClickException(f"Layanan {name} tidak terpasang ({unit} tidak ada).")
    _systemctl("disable", "--now", name)
    unit.unlink()
    _systemctl("daemon-reload")
    click.echo(f"Layanan {name} sudah dilepas. Data di {settings.instance} tetap ada.")


def _variables(settings: Settings, environment: Mapping[str, str]) -> dict[str, str]:
    """What the service is told: what this command was told, and that it is a service."""
    told = {
        name: str(Path(value).resolve()) if name in FOLDERS else value
        for name, value in sorted(environment.items())
        if name.startswith("KANBAN_") and not name.startswith("KANBAN_TEST") and value
    }
    return {
        **told,
        "KANBAN_INSTANCE": str(settings.instance),
        SERVICE: _name(settings.instance),
    }


def _name(instance: Path) -> str:
    """The service's name; an instance elsewhere than beside the program has its own."""
    if instance == (ROOT / "instance").resolve():
        return NAME
    return f"{NAME}-{re.sub(r'[^A-Za-z0-9_.-]+', '-', instance.name).strip('-') or 'lain'}"


def _python() -> str:
    """The Python that made the environment: ``run.py`` brings that up to date before it serves."""
    return getattr(sys, "_base_executable", None) or sys.executable


def _install_unit(
    settings: Settings, where: str, port: int, options: list[str], variables: dict[str, str]
) -> None:
    owner = settings.instance.stat()
    if os.geteuid() not in {0, owner.st_uid}:
        raise click.ClickException(
            f"Folder data {settings.instance} milik akun {_account(owner.st_uid)}. "
            "Jalankan perintah ini sebagai akun itu, atau dengan sudo."
        )
    name, is_system = variables[SERVICE], os.geteuid() == 0
    unit_file, kept = _unit_file(name), settings.instance / ENVIRONMENT
    if not unit_file.exists() and is_papan_sop(where, port):
        raise click.ClickException(
            f"Papan SOP sedang berjalan pada porta {port}. Hentikan dahulu (Ctrl+C), lalu ulangi perintah ini."
        )
    unit = Unit(
        name=name,
        words=[_python(), str(ROOT / "run.py"), "serve", *options],
        root=ROOT,
        instance=settings.instance,
        environment=kept,
        port=port,
        account=_account(owner.st_uid) if is_system else None,
        group=_group(owner.st_gid) if is_system else None,
    )
    whose = (owner.st_uid, owner.st_gid) if is_system else None
    write_whole(kept, environment_text(variables), whose)
    unit_file.parent.mkdir(parents=True, exist_ok=True)
    unit_file.write_text(unit.text(), encoding="utf-8")
    unit_file.chmod(0o644)
    _systemctl("daemon-reload")
    _systemctl("enable", name)
    _systemctl("restart", name)
    _tell(unit, unit_file, where)


def _tell(unit: Unit, unit_file: Path, where: str) -> None:
    manner, journal = ("", "journalctl") if unit.account else (" --user", "journalctl --user")
    click.echo(f"Layanan {unit.name} sudah dipasang: {unit_file}")
    click.echo(
        f"Pengaturannya (KANBAN_*) ada di {unit.environment}, hanya dapat dibaca pemiliknya."
    )
    if unit.account:
        click.echo(f"Program berjalan sebagai akun {unit.account}, menyala bersama komputer ini,")
    else:
        click.echo("Program berjalan sebagai akun Anda, menyala bersama komputer ini,")
    click.echo("dan dijalankan lagi sendiri bila berhenti.")
    if unit.account == "root":
        click.echo(
            f"Folder data milik root, jadi program berjalan sebagai root. Lebih aman memakai akun lain: "
            f"chown -R AKUN {unit.instance}, lalu ulangi perintah ini."
        )
    if unit.account is None:
        _let_linger()
    if _answers(where, unit.port):
        click.echo(f"\nPapan SOP: {address(where, unit.port)}")
    else:
        click.echo(
            f"\nProgram belum menjawab. Lihat sebabnya: {journal} -u {unit.name} -n 50", err=True
        )
    click.echo(
        f"Keadaannya:   systemctl{manner} status {unit.name}\n"
        f"Menghentikan: systemctl{manner} stop {unit.name}\n"
        "Melepas:      python3 run.py service uninstall"
    )


def _let_linger() -> None:
    """Let the user's services run from the start of the machine, and not only from the first login."""
    account = getpass.getuser()
    if _run("loginctl", "enable-linger", account).returncode != 0:
        click.echo(
            "Agar menyala sebelum Anda masuk ke komputer ini (lingering), administrator komputer "
            "harus menjalankan:\n"
            f"    sudo loginctl enable-linger {account}"
        )


def _answers(where: str, port: int) -> bool:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if is_papan_sop(where, port):
            return True
        time.sleep(0.3)
    return False


def _has_systemd() -> bool:
    return (
        sys.platform == "linux" and SYSTEMD_RUNS.is_dir() and shutil.which("systemctl") is not None
    )


def _at_reboot(options: list[str], variables: Mapping[str, str]) -> str:
    """The line of a crontab that starts the program with the machine, as it was told now.

    ``exec``: nothing but the program stays, and no list of processes shows its variables.
    """
    for name, value in variables.items():
        if not value.isprintable():
            raise ValueError(name)  # a crontab has no way to write it
    told = [f"{name}={value}" for name, value in variables.items()]
    words = ["env", *told, _python(), str(ROOT / "run.py"), "serve", *options]
    line = f"cd {shlex.quote(str(ROOT))} && exec {shlex.join(words)}"
    return "@reboot " + line.replace("%", "\\%")  # cron ends the line at a bare one


def _unit_file(name: str) -> Path:
    folder = SYSTEM_UNITS if os.geteuid() == 0 else Path.home() / USER_UNITS
    return folder / f"{name}.service"


def _systemctl(*words: str) -> None:
    done = _run("systemctl", *(() if os.geteuid() == 0 else ("--user",)), *words)
    if done.returncode != 0:
        raise click.ClickException(f"systemctl {' '.join(words)}: {done.stderr.strip()}")


def _run(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)


def _account(number: int) -> str:
    import pwd  # noqa: PLC0415 - not on Windows

    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:  # an account that is gone has its number still
        return str(number)


def _group(number: int) -> str:
    import grp  # noqa: PLC0415 - not on Windows

    try:
        return grp.getgrgid(number).gr_name
    except KeyError:
        return str(number)


def _write_task(settings: Settings, options: list[str], variables: dict[str, str]) -> None:
    script, task = settings.instance / f"{NAME}.cmd", settings.instance / f"{NAME}.xml"
    words = [_python(), str(ROOT / "run.py"), "serve", *options]
    script.write_text(script_text(words, ROOT, variables), encoding="utf-8", newline="")
    account = "\\".join(filter(None, [os.environ.get("USERDOMAIN"), getpass.getuser()]))
    task.write_text(task_text(script, ROOT, account), encoding="utf-16")
    name = variables[SERVICE]
    click.echo(
        f"Entri Penjadwal Tugas (Task Scheduler) sudah disiapkan: {task}\n"
        "Buka Command Prompt dengan Run as administrator, lalu jalankan sekali:\n"
        f'    schtasks /Create /TN "{name}" /XML "{task}" /F\n'
        "Sejak itu program berjalan, menyala bersama komputer tanpa ada yang masuk, dan dalam semenit\n"
        "dijalankan lagi bila berhenti. Hentikan dahulu program yang sekarang berjalan (Ctrl+C).\n"
        f'Keadaannya:   schtasks /Query /TN "{name}" /V /FO LIST\n'
        "Melepas:      py run.py service uninstall\n"
        "Bila komputer lain tidak dapat membukanya, izinkan Python pada Windows Firewall (jaringan Private)."
    )


COMMANDS = (service,)
