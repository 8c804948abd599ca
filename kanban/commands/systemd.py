"""The words of a systemd service that starts the server with the machine and after a crash."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LOWEST_FREE_PORT = 1024
"""Below it Linux lets only those listen who are told that they may."""


@dataclass(frozen=True)
class Unit:
    """What the service runs: ``account`` and ``group`` are None for a user's own service."""

    name: str
    words: Sequence[str]
    root: Path
    instance: Path
    environment: Path
    port: int
    account: str | None = None
    group: str | None = None

    def text(self) -> str:
        """The unit file.

        Hardened as far as nothing breaks: backups may go to any folder that an administrator names, and the
        browser that prints PDF files has a sandbox of its own, which needs the rights that
        ``NoNewPrivileges=`` and all that implies it would take.
        """
        return "\n".join(
            [
                "[Unit]",
                f"Description=Papan SOP ({_specified(str(self.instance))})",
                "After=network.target postgresql.service",
                f"RequiresMountsFor={_quoted(str(self.instance))}",
                "StartLimitIntervalSec=0",
                "",
                "[Service]",
                "Type=exec",
                *([f"User={self.account}", f"Group={self.group}"] if self.account else []),
                f"WorkingDirectory={_specified(str(self.root))}",
                f"EnvironmentFile={_specified(str(self.environment))}",
                f"ExecStart={' '.join(_command(word) for word in self.words)}",
                "Restart=always",
                "RestartSec=3",
                "TimeoutStopSec=20",
                "UMask=0077",
                *self._hardened(),
                "",
                "[Install]",
                f"WantedBy={'multi-user.target' if self.account else 'default.target'}",
                "",
            ]
        )

    def _hardened(self) -> list[str]:
        if self.account is None:  # a user's own service manager has no right to any of it
            return []
        may_listen = (
            ["AmbientCapabilities=CAP_NET_BIND_SERVICE"] if self.port < LOWEST_FREE_PORT else []
        )
        return ["PrivateTmp=yes", "ProtectSystem=full", "ProtectControlGroups=yes", *may_listen]


def environment_text(variables: Mapping[str, str]) -> str:
    """The variables as a file for ``EnvironmentFile=``. Raises ValueError where one holds a line break."""
    for name, value in variables.items():
        if "\n" in value or "\r" in value:
            raise ValueError(name)
    return "".join(f"{name}={_escaped(value)}\n" for name, value in variables.items())


def _command(word: str) -> str:
    return _quoted(word.replace("$", "$$"))


def _quoted(word: str) -> str:
    return _specified(_escaped(word))


def _escaped(word: str) -> str:
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _specified(word: str) -> str:
    """A per cent sign would begin a specifier."""
    return word.replace("%", "%%")
