"""The trail: written with the deed, never changed, checked from end to end."""

import threading

import pytest
from django.db import DatabaseError, connection, connections, transaction

from openroads.directory import trail
from openroads.directory.actions import create_person, grant_role
from openroads.directory.models import AppendOnly, Person, TrailEntry, TrailHead
from openroads.directory.people import system_person
from openroads.directory.seal import is_sealed, seal, unseal


def test_a_deed_and_its_entry_happen_together_or_not_at_all(ada):
    before = TrailEntry.objects.count()
    with pytest.raises(RuntimeError), transaction.atomic():
        create_person(by=ada, email="new@windmee.example", name="New")
        raise RuntimeError
    assert TrailEntry.objects.count() == before
    assert trail.verify_trail().is_whole


def test_an_entry_says_who_did_what_to_what(ada, ida):
    grant_role(by=ada, person=ida, role="champion")
    entry = TrailEntry.objects.first()
    assert (entry.by, entry.verb, entry.kind, entry.thing) == (
        ada, "gave role", "directory.person", str(ida.pk),
    )  # fmt: skip
    assert entry.facts["role"] == "champion"


def test_each_entry_carries_the_hash_of_the_one_before(cast):
    entries = list(TrailEntry.objects.order_by("number"))
    assert len(entries) == 22  # eleven people added, eleven roles given
    assert entries[0].previous == ""
    assert all(b.previous == a.hash for a, b in zip(entries, entries[1:], strict=False))
    assert trail.verify_trail() == trail.TrailVerdict(22, ())


@pytest.mark.parametrize("deed", ["save", "delete"])
def test_python_refuses_to_change_an_entry(ada, deed):
    with pytest.raises(AppendOnly):
        getattr(TrailEntry.objects.first(), deed)()


def test_python_refuses_to_change_many_entries(ada):
    with pytest.raises(AppendOnly):
        TrailEntry.objects.filter(number__gt=0).update(verb="nothing")
    with pytest.raises(AppendOnly):
        TrailEntry.objects.all().delete()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE directory_trailentry SET verb = 'nothing'",
        "DELETE FROM directory_trailentry",
    ],
)
def test_the_database_refuses_too(ada, statement):
    before = list(TrailEntry.objects.values_list("hash", flat=True))
    with pytest.raises(DatabaseError, match="trail"), transaction.atomic():
        connection.cursor().execute(statement)
    assert list(TrailEntry.objects.values_list("hash", flat=True)) == before


def _tamper(statement):
    unseal(connection)
    connection.cursor().execute(statement)
    seal(connection)


def test_a_changed_entry_is_found(cast):
    _tamper("UPDATE directory_trailentry SET verb = 'did nothing' WHERE number = 5")
    assert trail.verify_trail().faults == (
        "Entry 5 does not say what it said when it was written.",
    )


def test_a_removed_entry_is_found(cast):
    _tamper("DELETE FROM directory_trailentry WHERE number = 5")
    assert trail.verify_trail().faults == ("Between entry 4 and entry 6 something is missing.",)


def test_a_trail_cut_off_at_the_end_is_found(cast):
    _tamper("DELETE FROM directory_trailentry WHERE number > 20")
    assert trail.verify_trail().faults == ("The trail ends at entry 20, but 22 were written.",)


def test_an_entry_written_anew_with_a_right_hash_breaks_the_chain(cast):
    entry = TrailEntry.objects.get(number=5)
    entry.verb = "did nothing"
    _tamper(
        f"UPDATE directory_trailentry SET verb = 'did nothing', hash = '{trail.hash_of(entry)}' "
        "WHERE number = 5"
    )
    assert trail.verify_trail().faults == ("Entry 6 does not carry the hash of entry 5.",)


def test_a_broken_seal_is_found(ada):
    unseal(connection)
    assert not is_sealed(connection)
    assert "triggers are gone" in trail.verify_trail().faults[0]
    seal(connection)
    assert trail.verify_trail().is_whole


def test_facts_come_back_as_they_were_and_hash_the_same_on_every_database(ada):
    facts = {"ratio": 1e20, "text": "zo'n café \u0000 😀", "list": [1, 2.50, None, True]}
    entry = trail.record(ada, "tried", ada, **facts)
    kept = TrailEntry.objects.get(pk=entry.pk)
    assert kept.facts == facts
    assert trail.verify_trail().is_whole


@pytest.mark.django_db(transaction=True)
def test_eight_people_writing_at_once_make_one_chain():
    system = system_person()

    def write() -> None:
        try:
            for number in range(10):
                trail.record(system, "wrote", None, number=number)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert trail.verify_trail() == trail.TrailVerdict(80, ())
    assert TrailHead.objects.get().number == 80
    assert Person.objects.get() == system
