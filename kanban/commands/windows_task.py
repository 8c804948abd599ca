"""The words of an entry in Windows' Task Scheduler that starts the server with the machine and after a crash."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

NAMESPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"
EACH_MINUTE = "<Repetition><Interval>PT1M</Interval></Repetition>"
"""Looks each minute whether the program runs; as long as it does, nothing more is started (IgnoreNew)."""


def script_text(words: Sequence[str], root: Path, variables: Mapping[str, str]) -> str:
    """The batch file that the task runs, since a task has no variables. Raises ValueError where a value holds
    what no batch file can."""
    for name, value in variables.items():
        if any(sign in value for sign in '\r\n"'):
            raise ValueError(name)
    lines = [
        "@echo off",
        "chcp 65001 >nul",
        *(f'set "{name}={_literal(value)}"' for name, value in variables.items()),
        f'cd /d "{_literal(str(root))}"',
        " ".join(f'"{_literal(word)}"' for word in words),
        "",
    ]
    return "\r\n".join(lines)


def task_text(script: Path, root: Path, account: str) -> str:
    """The task as XML: runs as ``account`` without its password, whether or not anybody is logged in."""
    return f"""<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="{NAMESPACE}">
  <RegistrationInfo><Description>Papan SOP</Description></RegistrationInfo>
  <Triggers>
    <BootTrigger>{EACH_MINUTE}<Enabled>true</Enabled></BootTrigger>
    <RegistrationTrigger>{EACH_MINUTE}<Enabled>true</Enabled></RegistrationTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>{escape(account)}</UserId>
      <LogonType>S4U</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <Priority>5</Priority>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>{escape(str(script))}</Command>
      <WorkingDirectory>{escape(str(root))}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
"""


def _literal(word: str) -> str:
    """A per cent sign would begin a variable."""
    return word.replace("%", "%%")
