"""The list of late cards in a browser: what is late is told and answered from it, by any hands."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from kanban.now import now
from kanban.operations.assign_holder import assign_holder
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_accessibility import faults_of
from tests.office import Office

Visit = Callable[..., Page]


def some_late(office: Office) -> tuple[int, int, int]:
    """Two late cards of one office, the first the worse, and one of the other that soon will be."""
    worst = office.start("m1", title="Sosialisasi pemilih pemula")
    office.advance(worst, to=2)
    office.at(now() + timedelta(minutes=30))
    late = office.start("m1", title="Rapat pleno")
    office.at(now() + timedelta(minutes=20))
    soon = office.start("k1", title="Edaran jam layanan")
    office.at(now() + timedelta(minutes=5))
    return worst, late, soon


def test_a_supervisor_answers_what_is_late_and_acts_by_keyboard(
    office: Office, visit: Visit
) -> None:
    worst, late, _soon = some_late(office)
    page = visit("admin", "/")
    page.locator("#nav-overdue").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/overdue")
    expect(page.locator("#late-title")).to_have_text("2 kartu lewat batas waktu")
    rows = page.locator(".late__row")
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text("lewat 40 mnt")
    expect(rows.nth(0)).to_contain_text("Wakil Pemimpin Redaksi (Wakil)")
    expect(rows.nth(2)).to_contain_text("sisa")

    page.locator(f"#remind-{worst}").focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"#late-{worst}")).to_contain_text("diingatkan 10.55")
    expect(page.locator(".toast")).to_contain_text("Sudah diingatkan: Pemimpin Redaksi")

    page.locator(f"#deeds-open-{worst}").focus()
    page.keyboard.press("Enter")
    page.locator(f"#holder-{worst}").focus()
    page.keyboard.type("Wakil")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(f"#late-{worst}")).to_contain_text("pemegang")
    expect(page.locator(f"#deeds-{worst}")).not_to_have_attribute("open", "")
    expect(page.locator(f"#deeds-open-{worst}")).to_be_focused()
    assert office.card(worst).holder_id == office.id_of("wakil")
    assert office.card(late).holder_id is None

    told = visit("wakil", "/notices")
    news = told.locator("li[id^=told-]")
    expect(news.nth(0)).to_contain_text("menunjuk Anda sebagai pemegang kartu")
    expect(news.nth(1)).to_contain_text("mengingatkan Anda")


def test_filters_change_the_list_and_the_address_in_place(office: Office, visit: Visit) -> None:
    worst, _late, soon = some_late(office)
    page = visit("admin", "/overdue")
    page.locator("#menu-lane > summary").click()
    page.locator("#choose-lane button", has_text="Pemimpin Redaksi").click()
    expect(page.locator(".late__row")).to_have_count(1)
    expect(page.locator(f"#late-{worst}")).to_be_visible()
    expect(page.locator("#menu-lane")).not_to_have_attribute("open", "")
    expect(page.locator("#menu-lane > summary")).to_be_focused()
    expect(page).to_have_url("/overdue?lane=magelang-17-2022.PP")
    page.reload()
    expect(page.locator(".late__row")).to_have_count(1)
    page.get_by_text("Hapus saringan").click()
    page.locator("#choose-sop button", has_text="Kotawaringin").click()
    expect(page.locator(".late__row")).to_have_count(1)
    expect(page.locator(f"#late-{soon}")).to_be_visible()
    expect(page.locator("#choose-sop [aria-pressed=true]")).to_contain_text("Kotawaringin")


def test_what_others_do_shows_up_and_the_focus_stays(office: Office, visit: Visit) -> None:
    worst, late, _soon = some_late(office)
    page = visit("admin", "/overdue")
    page.locator(f"#late-open-{late}").focus()
    office.advance(worst, to=3)
    expect(page.locator("#late-title")).to_have_text("1 kartu lewat batas waktu")
    expect(page.locator(f"#late-open-{late}")).to_be_focused()
    expect(page.locator("#nav-overdue .count")).to_contain_text("1")


def test_the_ready_message_is_copied(office: Office, visit: Visit) -> None:
    worst, _late, _soon = some_late(office)
    page = visit("admin", "/overdue")
    page.locator(f"#deeds-open-{worst}").click()
    page.locator(f"#copy-{worst}").click()
    expect(page.locator(f"#deeds-{worst} [role=status]")).to_contain_text("Pesan")
    expect(page.locator(f"#words-{worst}")).to_have_value(
        "Yth. Pemimpin Redaksi, Wakil Pemimpin Redaksi,\n\nMohon kartu berikut ditindaklanjuti:\n"
        "Sosialisasi pemilih pemula\nM1 Foto/video kegiatan, tahap 2 Periksa bahan\n\n"
        "Batas waktu: Selasa, 24 November 2026, 10.15 WIB\n"
        f"{page.url.removesuffix('/overdue')}/cards/{worst}\n\nTerima kasih."
    )


def test_an_open_menu_stays_and_follows_what_others_do(office: Office, visit: Visit) -> None:
    worst, late, _soon = some_late(office)
    page = visit("admin", "/overdue")
    page.locator(f"#deeds-open-{late}").click()
    expect(page.locator(f"#holder-{late}")).to_be_visible()
    assert page.locator(f"#holder-{worst}").count() == 0  # only what is opened is asked for
    office.advance(worst, to=3)
    expect(page.locator("#late-title")).to_have_text("1 kartu lewat batas waktu")
    expect(page.locator(f"#holder-{late}")).to_be_visible()
    version = office.card(late).version
    assign_holder(late, office.id_of("admin"), version, office.id_of("pr"), now())
    expect(page.locator(f"#deeds-{late} [name=version]")).to_have_value(str(version + 1))
    expect(page.locator(f"#holder-{late}")).to_have_value(str(office.id_of("pr")))


def test_without_scripts_forms_do_the_same(office: Office, visit: Visit) -> None:
    worst, _late, _soon = some_late(office)
    page = visit("admin", "/overdue?board=m1", java_script_enabled=False)
    page.locator(f"#remind-{worst}").click()
    expect(page).to_have_url(f"/overdue?board=m1#late-{worst}")
    expect(page.locator(f"#late-{worst}")).to_contain_text("diingatkan 10.55")
    page.locator(f"#deeds-open-{worst}").click()
    page.locator(f"#deeds-{worst}").get_by_text("Pilih tindakan").click()
    page.wait_for_url(f"**/overdue/{worst}?board=m1")
    page.locator(f"#holder-{worst}").select_option(label="Pemimpin Redaksi")
    page.locator(f"#assign-{worst}").click()
    expect(page).to_have_url(f"/overdue?board=m1#late-{worst}")
    expect(page.locator(f"#late-{worst}")).to_contain_text("pemegang")
    page.locator("#choose-group button", has_text="Per lajur").click()
    expect(page).to_have_url("/overdue?board=m1&group=lane")
    expect(page.locator(".late__group")).to_have_count(2)


def test_on_a_phone_each_card_is_told_and_acted_on(office: Office, visit: Visit) -> None:
    worst, _late, _soon = some_late(office)
    page = visit("admin", "/", **PHONE)
    page.locator(".dock a", has_text="Laporan").tap()
    page.wait_for_url("**/reports")
    page.locator(".dock a", has_text="Lewat waktu").tap()
    page.wait_for_url("**/overdue")
    page.locator(f"#remind-{worst}").tap()
    expect(page.locator(f"#late-{worst}")).to_contain_text("diingatkan 10.55")
    page.locator(f"#deeds-open-{worst}").tap()
    page.locator(f"#holder-{worst}").select_option(label="Pemimpin Redaksi")
    page.locator(f"#assign-{worst}").tap()
    expect(page.locator(f"#late-{worst}")).to_contain_text("pemegang")
    page.locator("#late-filters > summary").tap()
    page.locator("#choose-within button", has_text="2 jam").tap()
    expect(page).to_have_url("/overdue?within=120")
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.parametrize(
    "screen",
    [
        {"viewport": DESKTOP, "color_scheme": "dark"},
        {**PHONE, "color_scheme": "light"},
    ],
    ids=["desk-dark", "phone-light"],
)
def test_everybody_can_read_it(office: Office, visit: Visit, screen: dict[str, object]) -> None:
    worst, _late, _soon = some_late(office)
    page = visit("admin", "/overdue?group=lane", **screen)
    assert faults_of(page) == []
    page.goto("/overdue")
    page.locator(f"#deeds-open-{worst}").click()
    expect(page.locator(f"#holder-{worst}")).to_be_visible()
    assert faults_of(page) == []
    page.goto(f"/overdue/{worst}")
    assert faults_of(page) == []
    page.goto("/overdue?board=m5")
    assert faults_of(page) == []
