"""Setting where backups go and how many are kept, and noting that somebody took one along."""

from datetime import datetime
from pathlib import Path

from kanban.backup.faults import NotMade
from kanban.backup.plan import Plan, is_taken, keep_plan, plan_of
from kanban.backup.shelf import mark_folder
from kanban.domain.words import N_
from kanban.models.transactions import writing
from kanban.operations.accounts import record, require_administrator
from kanban.operations.card_texts import collected

FOLDER_MOST = 500
DAILY_MOST, WEEKLY_MOST, MONTHLY_MOST = 366, 260, 120


def set_backups(
    folder: str,
    numbers: tuple[int | None, int | None, int | None],
    instance: Path,
    actor_id: int,
    now: datetime,
) -> None:
    """Let backups go to ``folder`` (empty: the instance's own) and keep so many of days, weeks and months
    (``numbers``).

    A folder that somebody chose gets a marker, so that a disk that is not in is noticed. Writes nothing
    where nothing changes. Raises NotVisible unless an administrator asks, and Invalid for a folder that
    cannot be used or a number that nobody can want.
    """
    with writing():
        require_administrator(actor_id)
        daily, weekly, monthly = numbers
        folder = folder.strip()
        with collected() as faults:
            faults.of("daily", _check_number, daily, 1, DAILY_MOST)
            faults.of("weekly", _check_number, weekly, 0, WEEKLY_MOST)
            faults.of("monthly", _check_number, monthly, 0, MONTHLY_MOST)
            if folder:
                faults.of("folder", _check_folder, folder, instance)
        before, after = plan_of(instance), Plan(folder, daily or 0, weekly or 0, monthly or 0)
        changes = {
            f"backups_{name}": [getattr(before, name), getattr(after, name)]
            for name in ("folder", "daily", "weekly", "monthly")
            if getattr(before, name) != getattr(after, name)
        }
        if changes:
            record("office_changed", now, actor_id, changes=changes)
            keep_plan(instance, after)


def note_backup_taken(name: str, actor_id: int, now: datetime) -> None:
    """Log that an administrator downloads a backup, which holds all that the office has. Raises NotVisible."""
    with writing():
        require_administrator(actor_id)
        record("backup_taken", now, actor_id, name=name)


def _check_number(number: int | None, least: int, most: int) -> None:
    if number is None or not least <= number <= most:
        raise ValueError(
            N_("Tulis bilangan bulat dari %(least)d sampai %(most)d."),
            {"least": least, "most": most},
        )


def _check_folder(written: str, instance: Path) -> None:
    if len(written) > FOLDER_MOST or not written.isprintable() or not Path(written).is_absolute():
        raise ValueError(N_("Tulis alamat folder yang lengkap, misalnya /media/cadangan."))
    folder = Path(written).resolve()
    if is_taken(folder, instance):
        raise ValueError(
            N_(
                "Folder ini dipakai program untuk hal lain. Pilih folder di luar folder data, atau "
                "kosongkan isian ini."
            )
        )
    try:
        mark_folder(folder)
    except NotMade as fault:
        raise ValueError(fault.sentence.text, dict(fault.sentence.values)) from fault
