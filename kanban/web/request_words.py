"""What a request did, in plain words for the log. The log is the machine's, so these words are not translated."""

import re
from collections.abc import Mapping

from kanban.web.secret_paths import without_secrets

DEEDS = {
    "login.show": "membuka halaman masuk",
    "login.enter": "masuk",
    "login.leave": "keluar",
    "setup.show": "membuka penyiapan kantor",
    "setup.create": "menyiapkan kantor",
    "tasks.show": "membuka Tugas saya",
    "bar.show": "memperbarui bilah atas",
    "notices.show": "membuka pemberitahuan",
    "notices.read_all": "menandai semua pemberitahuan terbaca",
    "notices.read_card": "menandai pemberitahuan kartu {card_id} terbaca",
    "notices.choose": "memilih jenis pemberitahuan",
    "boards.show": "membuka papan {slug}",
    "boards.new_card": "membuka formulir kartu baru di papan {slug}",
    "boards.start_card": "memulai kartu di papan {slug}",
    "cards.show": "membuka kartu {card_id}",
    "cards.edit": "membuka pembetulan kartu {card_id}",
    "cards.correct": "membetulkan kartu {card_id}",
    "cards.ask_cancel": "membuka pembatalan kartu {card_id}",
    "cards.cancel": "membatalkan kartu {card_id}",
    "moves.move": "memindahkan kartu {card_id}",
    "moves.undo": "mengurungkan pemindahan kartu {card_id}",
    "misses.explain": "memberi alasan batas hari terlewat pada kartu {card_id}",
    "checks.check": "mencentang kelengkapan kartu {card_id}",
    "materials.add": "menambah bahan pada kartu {card_id}",
    "drafts.keep": "menyimpan draf pada kartu {card_id}",
    "drafts.discard": "membuang draf pada kartu {card_id}",
    "versions.show": "membuka versi bahan {key} pada kartu {card_id}",
    "versions.restore": "membawa kembali versi bahan {key} pada kartu {card_id}",
    "publishing.correct": "mengoreksi sesudah tayang kartu {card_id}",
    "holders.assign": "menetapkan pemegang kartu {card_id}",
    "reminders.add": "mengingatkan tentang kartu {card_id}",
    "comments.add": "berkomentar pada kartu {card_id}",
    "comments.change": "mengubah komentar pada kartu {card_id}",
    "files.show": "membuka berkas {file_id}",
    "files.preview": "melihat berkas {file_id}",
    "files.thumbnail": "melihat gambar kecil berkas {file_id}",
    "records.show": "membuka lembar rekam kartu {card_id}",
    "records.pdf": "mengunduh lembar rekam kartu {card_id} (PDF)",
    "records.archive": "mengunduh seluruh isi kartu {card_id} (ZIP)",
    "records.note_place": "mencatat tempat berkas cetak kartu {card_id}",
    "finding.show": "mencari kartu",
    "exports.table": "mengunduh daftar kartu (CSV)",
    "exports.workbook": "mengunduh daftar kartu (Excel)",
    "overdue.show": "membuka Lewat waktu",
    "overdue.deeds": "membuka tindakan untuk kartu {card_id}",
    "overdue.table": "mengunduh daftar lewat waktu (CSV)",
    "overdue.workbook": "mengunduh daftar lewat waktu (Excel)",
    "reports.show": "membuka laporan",
    "reports.people": "membuka laporan menurut orang",
    "reports.open_people": "meminta laporan menurut orang",
    "reports.workbook": "mengunduh laporan (Excel)",
    "reports.recap": "membuka rekap bulanan",
    "reports.recap_pdf": "mengunduh rekap bulanan (PDF)",
    "reports.recap_xlsx": "mengunduh rekap bulanan (Excel)",
    "sops.show": "membuka SOP {slug}",
    "actings.show": "membuka Plh. dan Plt. {slug}",
    "actings.assign": "menunjuk Plh. atau Plt. {slug}",
    "actings.end": "mengakhiri penunjukan {span_id}",
    "suspensions.show": "membuka keadaan kahar",
    "suspensions.ask_card": "membuka penangguhan kartu {card_id}",
    "suspensions.stop_card": "menangguhkan kartu {card_id}",
    "suspensions.ask_board": "membuka penangguhan papan {slug}",
    "suspensions.stop_board": "menangguhkan papan {slug}",
    "suspensions.stop_office": "menangguhkan seluruh kantor",
    "suspensions.ask_end": "membuka akhir penangguhan {suspension_id}",
    "suspensions.end": "mengakhiri penangguhan {suspension_id}",
    "own_account.show": "membuka Akun saya",
    "own_account.change": "mengganti kata sandinya",
    "own_account.end_all": "mengakhiri semua sesinya yang lain",
    "own_account.end_one": "mengakhiri salah satu sesinya",
    "own_account.arrange": "mengganti susunan papan",
    "own_account.speak": "mengganti bahasa",
    "own_account.use_shortcuts": "mengatur pintasan papan ketik",
    "accounts.show": "membuka daftar akun",
    "accounts.new": "membuka formulir akun baru",
    "accounts.create": "membuat akun",
    "accounts.edit": "membuka akun {account_id}",
    "accounts.change": "mengubah akun {account_id}",
    "accounts.set_rights": "mengatur peran akun {account_id}",
    "accounts.disable": "menonaktifkan akun {account_id}",
    "accounts.enable": "mengaktifkan akun {account_id}",
    "accounts.give_password": "mengganti kata sandi akun {account_id}",
    "reasons.show": "membuka daftar alasan",
    "reasons.add": "menambah alasan",
    "reasons.reword": "mengubah kata-kata alasan {reason_id}",
    "reasons.place": "memindahkan urutan alasan {reason_id}",
    "reasons.retire": "tidak menawarkan lagi alasan {reason_id}",
    "reasons.restore": "menawarkan lagi alasan {reason_id}",
    "office.show": "membuka pengaturan kantor",
    "office.change": "mengubah pengaturan kantor",
    "office.limit_uploads": "mengubah batas unggahan",
    "calendar.show": "membuka kalender",
    "calendar.hours": "{opens} jam kerja",
    "calendar.remove_hours": "menghapus jam kerja sejak {first}",
    "calendar.new_period": "{opens} masa baru",
    "calendar.period": "{opens} masa sejak {first}",
    "calendar.remove_period": "menghapus masa sejak {first}",
    "calendar.new_holiday": "{opens} hari libur baru",
    "calendar.holiday": "{opens} hari libur {day}",
    "calendar.remove_holiday": "menghapus hari libur {day}",
    "calendar.new_duty": "{opens} hari piket baru",
    "calendar.duty": "{opens} hari piket {day}",
    "calendar.remove_duty": "menghapus hari piket {day}",
    "calendar.zone": "mengganti zona waktu",
    "months.look": "melihat kalender {month}",
    "months.this_month": "melihat kalender bulan ini",
    "months.show": "membuka kalender {month}",
    "months.this_month_of_settings": "membuka kalender bulan ini",
    "holiday_files.take_along": "mengunduh hari libur (CSV)",
    "holiday_files.ask": "membuka impor hari libur",
    "holiday_files.bring": "mengimpor hari libur",
    "joint_leave.show": "membuka cuti bersama {year}",
    "joint_leave.confirm": "mencocokkan cuti bersama {year}",
    "backups.show": "membuka cadangan",
    "backups.make": "membuat cadangan",
    "backups.change": "mengubah pengaturan cadangan",
    "backups.fetch": "mengunduh cadangan {name}",
    "settings_history.show": "membuka riwayat pengaturan",
    "machine.show": "membuka kesehatan mesin",
    "display_settings.show": "membuka daftar layar",
    "display_settings.new": "membuka formulir layar baru",
    "display_settings.make": "membuat layar",
    "display_settings.edit": "membuka layar {display_id}",
    "display_settings.change": "mengubah layar {display_id}",
    "display_settings.add_link": "membuat tautan layar {display_id}",
    "display_settings.drop_link": "mencabut tautan layar {display_id}",
    "display_settings.revoke": "mencabut layar {display_id}",
    "display_settings.pair": "memasangkan TV",
    "displays.show": "membuka layar informasi",
    "nudges.show": "menunggu kabar papan",
    "nudges.show_display": "menunggu kabar papan untuk layar informasi",
    "displays.picture": "menampilkan gambar {file_id} di layar informasi",
    "tv.show": "membuka halaman pemasangan TV",
    "start_files.download": "mengunduh berkas awal TV",
}
"""What each page and form is, by its endpoint. Places in braces are parts of the address that are no secret."""

ANSWERS = {
    304: "tidak berubah",
    400: "permintaan tidak sah",
    401: "belum masuk",
    403: "tidak berwenang",
    404: "tidak ditemukan",
    405: "cara tidak dikenal",
    409: "ditolak",
    413: "terlalu besar",
    422: "isian belum benar",
    429: "terlalu sering",
    500: "kesalahan program",
    503: "data tidak dapat dibaca atau ditulis",
    507: "ruang simpan penuh",
}

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]")
"""Control characters, ends of lines, and what turns the direction of writing round."""
_LONGEST = 120


def deed(method: str, endpoint: str | None, places: Mapping[str, object], path: str) -> str:
    """What was asked for: ``memindahkan kartu 42``; what has no words by its address and method:
    ``meminta /nowhere (GET)``."""
    words = DEEDS.get(endpoint or "")
    if words is None:
        return f"meminta {address(path)} ({method})"
    opens = "membuka" if method in {"GET", "HEAD"} else "menyimpan"
    return words.format_map({"opens": opens, **{k: _plain(v) for k, v in places.items()}})


def address(path: str) -> str:
    """The address of a page as it may be written down."""
    return _plain(without_secrets(path))


def answer(method: str, status: int, fault: str | None = None) -> str:
    """How it was answered: ``selesai (200)``, ``ditolak (409)``, ``kesalahan program (500), kode ab12cd34``."""
    words = ANSWERS.get(status)
    if words is None:
        led_on = status in {301, 302, 303, 307, 308} and method in {"GET", "HEAD"}
        words = "dialihkan" if led_on else "selesai" if status < 400 else "tidak dapat dipenuhi"
    return f"{words} ({status})" + (f", kode {fault}" if fault else "")


def _plain(value: object) -> str:
    """A part of an address on one line and not longer than a line needs."""
    words = _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", str(value))
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"
