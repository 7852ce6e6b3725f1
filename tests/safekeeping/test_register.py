"""The register of backups: who may ask, what is called off, every night, and what the doctor makes of it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from openroads.cli.checking import BACKUP_EVERY, _look_at_backups
from openroads.config.env import read_environment
from openroads.delivery.models import Delivery
from openroads.directory.models import TrailEntry
from openroads.safekeeping import actions, box, card, making, queries, restoring
from openroads.safekeeping.models import Backup
from openroads.safekeeping.schedule import daily_backup_job, schedule

pytestmark = pytest.mark.django_db


class Work:
    """A job at hand that goes on until it is told otherwise."""

    def __init__(self, beats: int = 1_000_000) -> None:
        self.left = beats

    def beat(self) -> bool:
        self.left -= 1
        return self.left >= 0


@pytest.fixture
def house(archive_here: Any, settings: Any, tmp_path: Path) -> Iterator[Path]:
    assert settings.OPENROADS.data == tmp_path or tmp_path in settings.OPENROADS.data.parents
    yield settings.OPENROADS.data


def found() -> list[tuple[str, str]]:
    return [(one.state, one.told) for one in _look_at_backups() if "may need" not in one.told]


def made(by: Any, place: Path) -> Backup:
    return actions.carry_out(backup=actions.ask_backup(by=by, path=place, later=False))


def test_only_an_administrator_copies_the_house(house: Path, ada: Any, noor: Any) -> None:
    with pytest.raises(PermissionDenied):
        actions.ask_backup(by=noor, path=house / "openroads-x.tar.zst")
    with pytest.raises(PermissionDenied):
        actions.note_look(by=noor, sum="", path=house, holds=True)
    backup = made(ada, house / "openroads-x.tar.zst")
    assert (backup.state, backup.error) == (Backup.State.DONE, "")
    assert backup.sum == box.check_whole(Path(backup.path)) and backup.size > 0
    entry = TrailEntry.objects.get(verb="made a backup")
    assert entry.by == ada and entry.facts["name"] == "openroads-x.tar.zst"
    assert {row.name for row in house.iterdir()} >= {"openroads-x.tar.zst"}
    assert not list(house.glob("*.part")) and not (house / making.WORK).exists()


def test_called_off_it_leaves_nothing_and_can_be_made_later(house: Path, ada: Any) -> None:
    place = house / "openroads-x.tar.zst"
    backup = actions.ask_backup(by=ada, path=place, later=False)
    work = Work(beats=2)
    assert actions.carry_out(backup=backup, alive=work.beat).state in Backup.UNFINISHED
    assert not place.exists() and not list(house.glob("*.part"))
    again = actions.carry_out(backup=Backup.objects.get(pk=backup.pk))
    assert again.state == Backup.State.DONE and card.card_of(place).posts == 0


def test_what_goes_wrong_is_written_down_and_found(house: Path, ada: Any) -> None:
    assert found() == [("well", "none yet; the house is new")]
    backup = made(ada, house / "nowhere/openroads-x.tar.zst")
    assert backup.state == Backup.State.FAILED and "There is no directory" in backup.error
    assert ("wrong", f"the last one went wrong: {backup.error}") in found()
    made(ada, house / "openroads-x.tar.zst")
    assert [state for state, _told in found()] == ["look"], "never looked through"


def test_the_doctor_knows_the_age_and_whether_it_holds(house: Path, ada: Any) -> None:
    backup = made(ada, house / "openroads-x.tar.zst")
    path = Path(backup.path)
    assert actions.note_look(by=ada, sum=backup.sum, path=path, holds=True) == 1
    assert [state for state, _told in found()] == ["well"]
    assert queries.looked_through_at() is not None
    Backup.objects.update(made_at=timezone.now() - BACKUP_EVERY - timedelta(days=1))
    assert found() == [("look", f"the last one is 8 days old: {path}")]
    assert actions.note_look(by=ada, sum="another", path=path, holds=False) == 1
    assert ("wrong", f"it does not hold: {path}") in found()


def test_every_night_one_is_made_and_seven_stay(house: Path, settings: Any, ada: Any) -> None:
    settings.OPENROADS.backup_at = ""
    assert schedule() == ()
    settings.OPENROADS.backup_at = "02:30"
    try:
        (entry,) = schedule()
    finally:
        settings.OPENROADS.backup_at = ""
    assert entry.rule == "daily at 02:30"
    folder = making.usual_folder()
    for day in range(1, 9):
        (folder / f"openroads-daily-2026010{day}-023000.tar.zst").write_bytes(b"old")
    (folder / "openroads-asked-20260101-120000.tar.zst").write_bytes(b"asked for")
    daily_backup_job(Work(beats=2))  # type: ignore[arg-type]
    assert Backup.objects.get().state in Backup.UNFINISHED, "handed back"
    daily_backup_job(Work())  # type: ignore[arg-type]
    backup = Backup.objects.get()
    assert backup.state == Backup.State.DONE and backup.why == Backup.Why.DAILY
    names = sorted(path.name for path in folder.glob("openroads-daily-*"))
    assert len(names) == 7 and Path(backup.path).name == names[-1]
    assert (folder / "openroads-asked-20260101-120000.tar.zst").exists()


@pytest.mark.parametrize(("given", "right"), [("02:30", True), ("", True), ("2:30", False), ("25:00", False), ("night", False)])  # fmt: skip
def test_the_hour_is_one_of_the_clock(given: str, right: bool) -> None:
    from openroads.config.env import WrongSettings

    try:
        assert read_environment({"OPENROADS_BACKUP_AT": given}).values.backup_at == given
    except WrongSettings as wrong:
        assert not right and "OPENROADS_BACKUP_AT" in str(wrong)
    else:
        assert right


def test_mail_that_waited_when_a_restored_house_was_copied_is_not_sent(house: Path, ada: Any) -> None:  # fmt: skip
    for state in Delivery.State:
        Delivery.objects.create(kind="mail", deed=state, recipient="x@windmee.example", state=state, by=ada)  # fmt: skip
    backup = actions.ask_backup(by=ada, path=house / "openroads-x.tar.zst", later=False)
    known = card.Card(
        made_at=timezone.now().isoformat(), version="0.1.0", why="asked", state="", archive="",
        author="", keys=[], used=[], sealed=False,
    )  # fmt: skip
    restoring._settle_in(known)
    states = dict(Delivery.objects.values_list("deed", "state"))
    assert states == {
        "due": "needs_a_look", "retry": "needs_a_look", "sending": "needs_a_look",
        "sent": "sent", "refused": "refused", "needs_a_look": "needs_a_look", "recalled": "recalled", "left": "left",
    }  # fmt: skip
    backup.refresh_from_db()
    assert backup.state == Backup.State.FAILED
