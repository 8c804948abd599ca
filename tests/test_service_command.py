"""``service install``: what it writes, what it tells, and what it refuses."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import Result
from flask import Flask

from kanban import storage
from kanban.commands import service
from kanban.commands.systemd import Unit, environment_text
from kanban.commands.windows_task import NAMESPACE, script_text, task_text
from kanban.config import ROOT
from kanban.server.machine import SERVICE

Command = Callable[..., Result]
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="systemd is Linux's")


class Machine:
    """A machine with systemd: the folders of units, the commands that were given, and what they answer."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.given: list[tuple[str, ...]] = []
        self.fails: str | None = None
        self.running = False

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        self.given.append(words)
        failed = self.fails is not None and self.fails in words
        self.running |= "restart" in words and not failed
        return subprocess.CompletedProcess(words, int(failed), "", "Access denied")

    @property
    def units(self) -> list[Path]:
        return [path for path in self.home.rglob("*.service") if path.is_file()]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine(tmp_path)
    monkeypatch.setattr(service, "SYSTEMD_RUNS", tmp_path)
    monkeypatch.setattr(service, "SYSTEM_UNITS", tmp_path / "system")
    monkeypatch.setattr(service.Path, "home", lambda: tmp_path)
    monkeypatch.setattr(service.shutil, "which", lambda _name: "/usr/bin/systemctl")
    monkeypatch.setattr(service, "_run", made.run)
    monkeypatch.setattr(service, "is_papan_sop", lambda _host, _port: made.running)
    monkeypatch.setattr(service, "PATIENCE", 0.05)
    for name in [name for name in os.environ if name.startswith("KANBAN_")]:
        monkeypatch.delenv(name)
    return made


@pytest.fixture
def command(app: Flask) -> Command:
    def run(*words: str) -> Result:
        return app.test_cli_runner().invoke(args=["service", *words])

    return run


def unit(folder: Path, **more: Any) -> Unit:
    facts: dict[str, Any] = {
        "name": "papan-sop",
        "words": [sys.executable, str(folder / "run.py"), "serve", "--port", "8000"],
        "root": folder,
        "instance": folder,
        "environment": folder / "service.env",
        "port": 8000,
    }
    return Unit(**{**facts, **more})


@LINUX
def test_as_root_it_is_the_machines_and_runs_as_the_owner_of_the_data(
    machine: Machine, command: Command, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service.os, "geteuid", lambda: 0)
    monkeypatch.setattr(storage.os, "fchown", lambda *_words: None)
    monkeypatch.setattr(service, "_account", lambda _number: "kantor")
    monkeypatch.setenv("KANBAN_PROXY", "10.0.0.1")
    instance: Path = app.config["SETTINGS"].instance
    told = command("install", "--lan", "--port", "8123")
    assert told.exit_code == 0, told.output
    (written,) = machine.units
    text = written.read_text()
    assert written.parent == machine.home / "system"
    for line in (
        "User=kantor",
        "Restart=always",
        "WantedBy=multi-user.target",
        "ProtectSystem=full",
        f"EnvironmentFile={instance}/service.env",
    ):
        assert line in text.splitlines()
    assert f'"{ROOT}/run.py" "serve" "--host" "0.0.0.0" "--port" "8123"' in text
    kept = instance / "service.env"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept.read_text().splitlines() == [
        'KANBAN_PROXY="10.0.0.1"',
        f'KANBAN_INSTANCE="{instance}"',
        f'{SERVICE}="papan-sop-instance"',
    ]
    name = written.stem
    assert machine.given == [
        ("systemctl", "daemon-reload"),
        ("systemctl", "enable", name),
        ("systemctl", "restart", name),
    ]
    assert f"systemctl status {name}" in told.output
    assert "sebagai akun kantor" in told.output
    assert ":8123/" in told.output


@LINUX
def test_as_root_the_settings_change_hands_before_they_have_a_name_that_could_lead_elsewhere(
    machine: Machine, command: Command, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: Path = app.config["SETTINGS"].instance / "service.env"
    elsewhere = machine.home / "elsewhere"
    elsewhere.write_text("root's own")
    kept.symlink_to(elsewhere)
    given: list[tuple[int, int, bool]] = []
    monkeypatch.setattr(service.os, "geteuid", lambda: 0)
    monkeypatch.setattr(
        storage.os, "fchown", lambda _file, *whose: given.append((*whose, kept.is_symlink()))
    )
    told = command("install")
    assert told.exit_code == 0, told.output
    owner = kept.parent.stat()
    assert given == [(owner.st_uid, owner.st_gid, True)]
    assert elsewhere.read_text() == "root's own"
    assert not kept.is_symlink()


@LINUX
def test_as_oneself_it_is_ones_own_and_lingering_is_explained(
    machine: Machine, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service.os, "geteuid", lambda: 4711)
    stat = Path.stat

    def owned(path: Path, **more: Any) -> Any:
        found = stat(path, **more)
        return os.stat_result([*found[:4], 4711, *found[5:10]])

    monkeypatch.setattr(service.Path, "stat", owned)
    machine.fails = "enable-linger"
    told = command("install")
    assert told.exit_code == 0, told.output
    (written,) = machine.units
    assert written.parent == machine.home / ".config/systemd/user"
    assert "WantedBy=default.target" in written.read_text()
    assert "User=" not in written.read_text()
    assert machine.given[0] == ("systemctl", "--user", "daemon-reload")
    assert "sudo loginctl enable-linger" in told.output


@LINUX
def test_installed_again_it_takes_the_new_options(
    machine: Machine, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service.os, "geteuid", lambda: 0)
    monkeypatch.setattr(storage.os, "fchown", lambda *_words: None)
    assert command("install").exit_code == 0
    assert command("install", "--port", "9000").exit_code == 0
    (written,) = machine.units
    assert '"--host" "127.0.0.1" "--port" "9000"' in written.read_text()


@LINUX
def test_uninstalled_the_unit_is_gone_and_the_data_are_there(
    machine: Machine, command: Command, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service.os, "geteuid", lambda: 0)
    monkeypatch.setattr(storage.os, "fchown", lambda *_words: None)
    command("install")
    told = command("uninstall")
    assert told.exit_code == 0, told.output
    assert machine.units == []
    assert app.config["SETTINGS"].instance.exists()
    again = command("uninstall")
    assert again.exit_code == 1
    assert "tidak terpasang" in again.output


def nothing_written(machine: Machine, told: Result) -> None:
    assert told.exit_code == 1
    assert machine.units == []
    assert machine.given == []


@LINUX
def test_without_systemd_it_says_what_to_do_instead_with_all_that_it_was_told(
    machine: Machine, command: Command, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "SYSTEMD_RUNS", machine.home / "none")
    monkeypatch.setenv("KANBAN_BACKUP", "/mnt/usb 100%")
    told = command("install", "--lan", "--port", "8733")
    nothing_written(machine, told)
    assert "tidak dijalankan oleh systemd" in told.output
    (line,) = (line.strip() for line in told.output.splitlines() if "@reboot" in line)
    instance = app.config["SETTINGS"].instance
    assert shlex.split(line.replace("\\%", "%"))[:5] == ["@reboot", "cd", str(ROOT), "&&", "exec"]
    assert shlex.split(line.replace("\\%", "%"))[5:] == [
        *("env", "KANBAN_BACKUP=/mnt/usb 100%", f"KANBAN_INSTANCE={instance}"),
        f"{SERVICE}={service._name(instance)}",
        *(service._python(), f"{ROOT}/run.py"),
        *("serve", "--host", "0.0.0.0", "--port", "8733"),
    ]
    assert "100%" not in line, "cron would end the line there"


@LINUX
def test_without_systemd_there_is_nothing_to_uninstall_but_what_somebody_added(
    machine: Machine, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "SYSTEMD_RUNS", machine.home / "none")
    told = command("uninstall")
    nothing_written(machine, told)
    assert "hapuslah di sana" in told.output
    assert "@reboot cd" not in told.output


@LINUX
def test_before_set_up_it_says_what_comes_first(
    machine: Machine, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "is_set_up", lambda: False)
    told = command("install")
    nothing_written(machine, told)
    assert "Kantor belum disiapkan" in told.output


@LINUX
def test_another_accounts_data_are_refused(
    machine: Machine, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service.os, "geteuid", lambda: 4712)
    told = command("install")
    nothing_written(machine, told)
    assert "dengan sudo" in told.output


@LINUX
def test_while_the_program_runs_by_hand_it_is_refused(machine: Machine, command: Command) -> None:
    machine.running = True
    told = command("install")
    nothing_written(machine, told)
    assert "Hentikan dahulu (Ctrl+C)" in told.output


@LINUX
def test_a_value_that_cannot_be_carried_over_is_refused(
    machine: Machine, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KANBAN_HOSTS", "a\nb")
    told = command("install")
    nothing_written(machine, told)
    assert "KANBAN_HOSTS" in told.output


@LINUX
@pytest.mark.parametrize("step", ["daemon-reload", "enable", "restart"])
def test_what_systemd_refuses_is_told(
    machine: Machine, command: Command, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    monkeypatch.setattr(service.os, "geteuid", lambda: 0)
    monkeypatch.setattr(storage.os, "fchown", lambda *_words: None)
    machine.fails = step
    told = command("install")
    assert told.exit_code == 1
    assert "Access denied" in told.output


@LINUX
def test_a_folder_that_may_not_be_written_is_told(
    machine: Machine, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*_given: object) -> None:
        raise PermissionError(13, "Permission denied", "/x/service.env")

    monkeypatch.setattr(service.os, "geteuid", lambda: 0)
    monkeypatch.setattr(service, "write_whole", denied)
    told = command("install")
    nothing_written(machine, told)
    assert "/x/service.env: tidak ada izin" in told.output


def test_folders_are_told_whole(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = service._variables(
        app.config["SETTINGS"],
        {"KANBAN_BACKUP": "usb", "KANBAN_TEST_DATABASE": "x", "PATH": "y", "KANBAN_HOSTS": ""},
    )
    assert found["KANBAN_BACKUP"] == str(tmp_path / "usb")
    assert set(found) == {"KANBAN_BACKUP", "KANBAN_INSTANCE", SERVICE}


def test_the_offices_own_instance_has_the_plain_name() -> None:
    assert service._name((ROOT / "instance").resolve()) == "papan-sop"
    assert service._name(Path("/srv/KPU Magelang %")) == "papan-sop-KPU-Magelang"


def test_values_stay_what_they_are() -> None:
    assert environment_text({"A": 'a "b" \\c %d $e'}) == 'A="a \\"b\\" \\\\c %d $e"\n'


@pytest.mark.parametrize("port", [80, 8000])
@pytest.mark.parametrize("account", ["daemon", None])
def test_systemd_understands_the_unit(tmp_path: Path, port: int, account: str | None) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("there is no systemd here")
    folder = tmp_path / "kantor %n $HOME"
    folder.mkdir()
    for name in ("run.py", "service.env"):
        (folder / name).touch()
    written = tmp_path / "papan-sop.service"
    written.write_text(unit(folder, port=port, account=account, group=account).text())
    said = subprocess.run(
        [analyze, "verify", str(written)], capture_output=True, text=True, check=False
    )
    assert (said.returncode, "papan-sop" in said.stderr) == (0, False), said.stderr
    assert ("CAP_NET_BIND_SERVICE" in written.read_text()) == (port == 80 and account is not None)


def test_windows_task_starts_with_the_machine_and_again_each_minute(tmp_path: Path) -> None:
    text = task_text(Path("C:/Kantor & Co/papan-sop.cmd"), Path("C:/Papan"), "KANTOR\\petugas")
    (tmp_path / "task.xml").write_text(text, encoding="utf-16")
    task = ElementTree.parse(tmp_path / "task.xml").getroot()
    found = {element.tag.removeprefix(f"{{{NAMESPACE}}}"): element.text for element in task.iter()}
    assert found["Command"] == str(Path("C:/Kantor & Co/papan-sop.cmd"))
    assert found["UserId"] == "KANTOR\\petugas"
    assert (found["LogonType"], found["ExecutionTimeLimit"]) == ("S4U", "PT0S")
    assert (found["Interval"], found["MultipleInstancesPolicy"]) == ("PT1M", "IgnoreNew")
    assert "BootTrigger" in found


def test_windows_script_carries_the_variables() -> None:
    text = script_text(
        ["C:/py/python.exe", "run.py", "--lan"], Path("C:/Papan 100%"), {"KANBAN_PORT": "8000"}
    )
    assert text.splitlines() == [
        "@echo off",
        "chcp 65001 >nul",
        'set "KANBAN_PORT=8000"',
        f'cd /d "{str(Path("C:/Papan 100%")).replace("%", "%%")}"',
        '"C:/py/python.exe" "run.py" "--lan"',
    ]
    with pytest.raises(ValueError, match="KANBAN_HOSTS"):
        script_text([], Path(), {"KANBAN_HOSTS": 'a" & del'})


def test_on_windows_the_task_is_written_and_its_command_told(
    command: Command,
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    instance: Path = app.config["SETTINGS"].instance
    service._write_task(app.config["SETTINGS"], ["--host", "0.0.0.0"], {SERVICE: "papan-sop"})
    told = capsys.readouterr().out
    assert f'schtasks /Create /TN "papan-sop" /XML "{instance / "papan-sop.xml"}" /F' in told
    assert '"serve" "--host" "0.0.0.0"' in (instance / "papan-sop.cmd").read_text(encoding="utf-8")
