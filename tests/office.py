"""The furnished office of the tests: both SOPs, one person a lane, and a hand that works as they do."""

import io
from datetime import datetime

from argon2 import PasswordHasher
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from kanban.catalogue.schema import catalogue
from kanban.domain.moves import Capacity, Standing, accepted
from kanban.domain.sop import Kind, Need
from kanban.extensions import db
from kanban.models import Account, AdoptedSop, Card, Event, Visit
from kanban.models.transactions import writing
from kanban.now import now
from kanban.operations.add_material import Content, NewFile, add_material
from kanban.operations.create_account import NewAccount, add_account
from kanban.operations.move_card import Moved, move_card
from kanban.operations.set_up_office import SetUp, set_up_office
from kanban.operations.start_card import start_card
from kanban.operations.tick_item import tick_item
from kanban.queries.access import visible_card
from kanban.queries.accounts import Rights
from kanban.queries.calendar import office_calendar
from kanban.queries.standings import standings_of
from kanban.storage import FileStore
from tests.shelf import Shelf

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Tests log in hundreds of times; a hash carries what it costs to check it."""

# username, what the person is, the SOP's place in the catalogue, lanes (True: as deputy)
PEOPLE = (
    ("pr", "Pelaksana Redaksi", 0, {"PR": False}),
    ("as", "Staf Redaksi", 0, {"AS": False}),
    ("pp", "Pemimpin Redaksi", 0, {"PP": False}),
    ("wakil", "Wakil Pemimpin Redaksi", 0, {"PP": True}),
    ("am", "Admin Medsos", 0, {"AM": False}),
    ("tamu", "Tamu", 0, {}),
    ("ks", "Kasubbag Hukum dan SDM", 1, {"KS": False}),
    ("st", "Staf Sub Bagian", 1, {"ST": False}),
    ("pj", "Pengelola JDIH", 1, {"PJ": False}),
)
LANE_PEOPLE = {
    lane: username for username, _, _, lanes in PEOPLE for lane, wakil in lanes.items() if not wakil
}


def furnish() -> None:
    """Set the office up with both SOPs and its people, all with the password ``demo``."""
    password = QUICK.hash("demo")
    sops = catalogue()
    founded = set_up_office(
        SetUp(
            administrator=NewAccount("admin", "Administrator", password, administrator=True),
            office="Kantor Uji",
            time_zone="Asia/Jakarta",
            sops=sops,
        ),
        token=None,
        now=now(),
    )
    with writing():
        ids = {
            row.slug: row.id for row in db.session.execute(select(AdoptedSop.slug, AdoptedSop.id))
        }
        for username, name, place, lanes in PEOPLE:
            held = frozenset(Capacity(lane, deputy) for lane, deputy in lanes.items())
            rights = {ids[sops[place].slug]: Rights(held)}
            add_account(
                NewAccount(username, name, password, rights=rights), founded.administrator_id, now()
            )


class Office:
    """A hand in the furnished office: it starts, fills and moves cards through the real operations."""

    def __init__(self, app: Flask, shelf: Shelf) -> None:
        self.app = app
        self.shelf = shelf
        self.clock = app.extensions["clock"]
        self.files = FileStore(app.config["SETTINGS"].instance / "files")

    def at(self, moment: datetime) -> None:
        """Let the office's clock run on from ``moment``."""
        self.clock.move_to(moment)

    def id_of(self, username: str) -> int:
        """The account's number."""
        return db.session.scalars(select(Account.id).where(Account.username == username)).one()

    def card(self, card_id: int) -> Card:
        """The card's row as it is now."""
        db.session.rollback()
        return db.session.get_one(Card, card_id)

    def visit(self, card_id: int) -> Visit:
        """The card's open visit."""
        card = self.card(card_id)
        return db.session.get_one(Visit, (card_id, card.visit_seq))

    def visits(self, card_id: int) -> list[Visit]:
        """All visits of the card in order."""
        db.session.rollback()
        return list(
            db.session.scalars(select(Visit).where(Visit.card_id == card_id).order_by(Visit.seq))
        )

    def events(self, card_id: int) -> list[Event]:
        """The card's history in order."""
        db.session.rollback()
        return list(
            db.session.scalars(select(Event).where(Event.card_id == card_id).order_by(Event.id))
        )

    def rows(self) -> dict[str, int]:
        """How many rows each table holds: two of these are equal where nothing was written between."""
        db.session.rollback()
        return {
            name: db.session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in db.metadata.tables.items()
        }

    def standing(self, card_id: int) -> Standing:
        """The card as the rule of moves sees it."""
        db.session.rollback()
        _card, access = visible_card(self.id_of("admin"), card_id, now())
        return standings_of([access], office_calendar(), Card.id == card_id)[card_id]

    def start(
        self,
        board: str,
        by: str | None = None,
        title: str = "Kartu uji",
        event_at: datetime | None = None,
    ) -> int:
        """Start a card on ``board`` by the first lane's person; the event is now unless given."""
        way = ("start", board, by, title, event_at)
        return self.shelf.follow(way, lambda: self._start(board, by or "admin", title, event_at))

    def _start(self, board: str, by: str, title: str, event_at: datetime | None) -> int:
        return start_card(board, self.id_of(by), title, "", event_at or now(), None, now())

    def fill(self, card_id: int) -> None:
        """Give the card all that its step asks for: ticks, materials and the output."""
        self.shelf.take(("fill", card_id), lambda: self._fill(card_id))

    def _fill(self, card_id: int) -> None:
        standing = self.standing(card_id)
        actor = self.id_of(LANE_PEOPLE[standing.step.lane])
        for no, item in enumerate(standing.step.items, 1):
            if item.is_tick and not standing.step.approves:  # an approval confirms them itself
                tick_item(card_id, actor, no, True, now())
            for need in item.needs:
                self.provide(card_id, need, actor)
        for need in standing.step.deliverable:
            self.provide(card_id, need, actor, anew=True)

    def provide(self, card_id: int, need: Need, actor: int, anew: bool = False) -> None:
        """Give the card a version that meets ``need``, unless it has one; ``anew``: one of this visit."""
        standing = self.standing(card_id)
        there = standing.fresh if anew else standing.present
        wanted = accepted(need)
        if there.get(need.material, frozenset()) & wanted:
            return
        kind = next(kind for kind in (Kind.TEXT, Kind.LINK, Kind.FILE) if kind in wanted)
        content = {
            Kind.TEXT: lambda: Content(Kind.TEXT, "Kata-kata untuk uji."),
            Kind.LINK: lambda: Content(Kind.LINK, "https://jdih.kpu.go.id/uji"),
            Kind.FILE: lambda: Content(Kind.FILE, files=(self.picture(),)),
        }[kind]()
        add_material(card_id, actor, need.material, None, content, self.files, now())

    def picture(self, colour: str = "teal") -> NewFile:
        """A small picture, staged as an upload is."""
        staged = self.files.stage(io.BytesIO(png(colour)), 10_000_000)
        return NewFile(staged, "foto.png", "image/png")

    def move(self, card_id: int, to: int | None, note: str = "", by: str | None = None) -> Moved:
        """Take the card to step ``to`` by the person of its lane."""
        return self.shelf.follow(
            ("move", card_id, to, note, by), lambda: self._move(card_id, to, note, by)
        )

    def _move(self, card_id: int, to: int | None, note: str, by: str | None) -> Moved:
        lane = self.visit(card_id).lane
        actor = self.id_of(by or LANE_PEOPLE[lane])
        return move_card(card_id, actor, to, self.card(card_id).version, note, now())

    def advance(self, card_id: int, to: int | None) -> None:
        """Fill and move the card forward until it stands in step ``to`` (None: finished)."""
        while (seq := self.card(card_id).visit_seq) and self.visit(card_id).step_no != to:
            self.shelf.take(("forward", card_id, seq), lambda: self._forward(card_id))

    def _forward(self, card_id: int) -> None:
        self._fill(card_id)
        self._move(card_id, self.standing(card_id).step.forward.to, "", None)


def png(colour: str = "teal", size: tuple[int, int] = (64, 40)) -> bytes:
    """A one-coloured picture as PNG."""
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()
