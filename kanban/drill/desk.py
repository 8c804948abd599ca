"""One person at a desk who starts cards, and keeps what was acknowledged and what was refused."""

import http.client
import secrets
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from kanban.backup.databases import connect_sqlite
from kanban.bench.client import Client
from kanban.bench.seed import PASSWORD, USERNAME
from kanban.drill import deeds
from kanban.drill.deeds import Deed
from kanban.drill.finding import Finding
from kanban.drill.looking import lost, unsound
from kanban.drill.office import BOARD, DATABASE

DONE = 303


@dataclass
class Desk:
    """Somebody at work, logged in, over HTTP."""

    client: Client
    acknowledged: list[Deed] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """Titles of cards that must not be there."""

    @classmethod
    def at(cls, port: int) -> "Desk":
        """Log in to the server at ``port``."""
        client = Client(port)
        client.log_in(USERNAME, PASSWORD)
        client.get(f"/boards/{BOARD}")
        client.close()
        return cls(client)

    def start_card(self) -> tuple[int, str]:
        """Start a card; the answer's status and page. Raises OSError where the server is gone."""
        title = f"Kartu latihan {secrets.token_hex(6)}"
        status, page = self._post(f"/boards/{BOARD}/cards", {"title": title})
        if status == DONE:
            self.acknowledged.append(deeds.started(title))
        else:
            self.refused.append(title)
        return status, page

    def comment(self) -> tuple[int, str]:
        """Say something about the first card; the answer's status and page."""
        return self._post("/cards/1/comments", {"body": "Sudah diperiksa."})

    def _post(self, path: str, form: dict[str, object]) -> tuple[int, str]:
        """Send a form; the answer's status and page."""
        try:
            status, _headers, content = self.client.post(path, form)
        except http.client.HTTPException as fault:
            raise OSError(str(fault)) from fault
        finally:
            self.client.close()
        return status, content.decode("utf-8", "replace")

    def expect_only_reading(self, finding: Finding, status: int, why: str) -> None:
        """Note whether what would write is refused with ``status`` and the words ``why``, and pages still come."""
        refused, page = self.start_card()
        finding.expect(refused == status, f"memulai kartu dijawab {refused}")
        finding.expect(why in page, f"halamannya mengatakan sebabnya: {why}")
        refused, _page = self.comment()
        finding.expect(refused == status, f"berkomentar dijawab {refused}")
        for path in (f"/boards/{BOARD}", "/", "/cards/1", "/healthz"):
            finding.expect(self.reads(path), f"{path} tetap dapat dibaca")

    def reads(self, path: str) -> bool:
        """Whether a page can be read."""
        try:
            return self.client.get(path)[0] == 200
        finally:
            self.client.close()

    def look(self, instance: Path, finding: Finding) -> None:
        """Look for everything that was acknowledged, and for nothing that was refused; the server is gone."""
        finding.faults += lost(instance, self.acknowledged)
        finding.faults += unsound(instance)
        with closing(connect_sqlite(instance / DATABASE)) as connection:
            for title in self.refused:
                written = "SELECT count(*) FROM cards WHERE title = ?"
                if connection.execute(written, (title,)).fetchone()[0]:
                    finding.faults.append(f"refused and yet written: {title}")
