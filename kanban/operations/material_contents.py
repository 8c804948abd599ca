"""What a version of a material may hold, and what is wrong with what was given."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from kanban.domain.moves import Because, accepted
from kanban.domain.sop import Kind, Material, Need
from kanban.domain.words import N_, Sentence
from kanban.operations.card_texts import check_readable, collected
from kanban.operations.cards import Held
from kanban.operations.errors import Invalid, Refused
from kanban.queries.materials import closed_materials
from kanban.storage import Staged

TEXT_MOST = 20_000
LINK_MOST = 2_000
LINKS_MOST = 10
FILES_MOST = 50
CAPTION_MOST = 300


@dataclass(frozen=True)
class NewFile:
    """A staged file, what it is, and the name it was given with."""

    staged: Staged
    name: str
    media_type: str
    caption: str = ""


@dataclass(frozen=True)
class KeptFile:
    """A file of the current version that the next one holds as well, by the number of its row."""

    id: int
    caption: str = ""


@dataclass(frozen=True)
class Content:
    """What a version holds: ``body`` for a text or links (one a line), ``files`` in their order."""

    kind: Kind
    body: str = ""
    files: tuple[NewFile | KeptFile, ...] = ()


def check_content(held: Held, key: str, content: Content) -> None:
    """Raises Invalid unless the card's procedure takes ``content`` as material ``key``."""
    material = known_material(held, key)
    taken = accepted(Need(key, held.procedure.kinds_of(key)))
    if content.kind not in taken:
        raise Invalid(
            {
                "material": Sentence.of(
                    N_("Bahan %(material)s tidak dapat diberikan dalam bentuk itu."),
                    material=material.name,
                )
            }
        )
    with collected() as faults:
        if content.kind is Kind.TEXT:
            faults.of("text", check_text, content.body)
        elif content.kind is Kind.LINK:
            faults.of("link", check_links, content.body)
        else:
            faults.of("files", check_files, content.files)


def known_material(held: Held, key: str) -> Material:
    """The material ``key`` of the card's procedure; raises Invalid where it has none."""
    try:
        return held.procedure.material(key)
    except KeyError:
        raise Invalid(
            {"material": Sentence.of(N_("Prosedur ini tidak mengenal bahan itu."))}
        ) from None


def check_text(words: str) -> None:
    """Raises ValueError unless there are words, readable and of bearable length."""
    if not words.strip():
        raise ValueError(N_("Teks wajib diisi."))
    check_readable(words, TEXT_MOST)


def check_links(body: str) -> None:
    """Raises ValueError unless every line of ``body`` is an address, each once, and there are not too many."""
    links = body.split("\n")
    if len(links) > LINKS_MOST:
        raise ValueError(N_("Paling banyak %(most)d tautan."), {"most": LINKS_MOST})
    for link in links:
        check_link(link)
    if len(set(links)) < len(links):
        raise ValueError(N_("Tautan yang sama ditulis lebih dari sekali."))


def check_link(link: str) -> None:
    """Raises ValueError unless ``link`` is a whole http or https address."""
    if len(link) > LINK_MOST:
        raise ValueError(N_("Tautan paling panjang %(most)d karakter."), {"most": LINK_MOST})
    check_readable(link, LINK_MOST)
    try:
        parts = urlsplit(link)
        whole = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        whole = False
    if not whole or any(letter.isspace() for letter in link):
        raise ValueError(
            N_("Tautan harus berupa alamat lengkap yang dimulai dengan https:// atau http://.")
        )


def check_files(files: tuple[NewFile | KeptFile, ...]) -> None:
    """Raises ValueError unless there are files, not too many, with captions that can be read."""
    if not files:
        raise ValueError(N_("Pilih paling sedikit satu berkas."))
    if len(files) > FILES_MOST:
        raise ValueError(
            N_("Satu bahan memuat paling banyak %(most)d berkas."), {"most": FILES_MOST}
        )
    for file in files:
        if len(file.caption) > CAPTION_MOST:
            raise ValueError(
                N_("Keterangan berkas paling panjang %(most)d karakter."), {"most": CAPTION_MOST}
            )
        check_readable(file.caption, CAPTION_MOST)


def refuse_if_closed(held: Held, key: str) -> None:
    """Raises Refused where the last approval covered material ``key`` and the card stands behind it."""
    if key in closed_materials(held.card.id, held.procedure, held.visit.step_no):
        raise Refused.of(
            Because.CARD,
            N_("sudah disetujui dan tertutup untuk perubahan sampai kartu dikembalikan"),
            about=held.procedure.material(key).name,
        )
