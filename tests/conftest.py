"""What every test can count on: a data folder, the cast, and a database that threads can share."""

import atexit
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

# Before Django reads its settings: nothing of the developer's own house may be touched or read.
for _name in [name for name in os.environ if name.startswith("OPENROADS_")]:
    if _name != "OPENROADS_DATABASE_URL" and not _name.startswith("OPENROADS_TEST_"):
        del os.environ[_name]
# Where it is set, every house that a test starts compiles its libraries anew: ten seconds each.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# Memory instead of disk, where there is plenty: each batch of the archive waits for thirteen syncs of
# the disk, which no test is about (those that kill a process need none: the system keeps the page).
_MEMORY = Path("/dev/shm")
if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > 8e9 and os.access(_MEMORY, os.W_OK):
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))
_folder = tempfile.mkdtemp(prefix="openroads-tests-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT"))
os.environ["OPENROADS_DATA"] = _folder
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openroads.config.settings")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)

import pytest  # noqa: E402
from django.conf import settings as house_settings  # noqa: E402
from django.test import Client, TransactionTestCase  # noqa: E402

# TRICKY: pytest-django reads the settings before it reads this file when pytest's own settings name
# them; so what they point at is moved here too, or all test runs would share one file in ./data.
house_settings.OPENROADS.data = Path(_folder)
if house_settings.OPENROADS.archive_is_embedded:
    house_settings.OPENROADS.archive_location = Path(_folder) / "archive"
if not house_settings.OPENROADS.database_url:
    house_settings.DATABASES["default"]["NAME"] = Path(_folder) / "db.sqlite3"
    house_settings.DATABASES["default"]["TEST"]["NAME"] = Path(_folder) / "test.sqlite3"
house_settings.PASSWORD_HASHERS = [
    "tests.hashing.QuickScrypt", *house_settings.PASSWORD_HASHERS[1:]
]  # fmt: skip


class LongestFirst:
    """Begins with what takes longest: no worker is left alone with it at the end."""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items.sort(key=_seconds, reverse=True)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(LongestFirst())


NEEDS_STATE = {"db", "transactional_db", "django_db_setup", "lasting_house"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the tests that touch the state database (`-m state` runs those alone), and keeps together
    what shares something made once per file."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & NEEDS_STATE or item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.state)
        known = getattr(item, "_fixtureinfo", None)
        if known and any(each[-1].scope == "module" for each in known.name2fixturedefs.values()):
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


def _seconds(item: pytest.Item) -> int:
    """About how long a test takes, as far as it says so: `slow` is ten seconds, `slow(60)` sixty; a walk
    in a browser is with its whole file."""
    slow = item.get_closest_marker("slow")
    if slow is None:
        return 60 if item.get_closest_marker("browser") else 0
    return int((*slow.args, 10)[0])


@pytest.fixture(scope="session", autouse=True)
def _a_test_may_empty_the_trail() -> Iterator[None]:
    """The database refuses to empty the trail, also between two tests: lift the seal a moment."""
    from django.db import connection

    from openroads.directory.seal import seal, unseal

    empty = TransactionTestCase._fixture_teardown

    def unsealed(case: TransactionTestCase) -> None:
        unseal(connection)
        try:
            empty(case)
        finally:
            seal(connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", unsealed)
        yield


@pytest.fixture(scope="session", autouse=True)
def _what_no_test_changes_is_read_once() -> Iterator[None]:
    """Every test client looks through all static files, and every connection to the embedded engine
    reads its thousand settings: together a fifth of the suite's processor time."""
    from clickhouse_connect.driver._backend import orchestration
    from whitenoise.middleware import WhiteNoiseMiddleware

    look, read = WhiteNoiseMiddleware.add_files_from_finders, orchestration._setting_definitions
    files: dict[str, Any] = {}
    settings: dict[str, Any] = {}

    def look_once(middleware: Any) -> None:
        if not files:
            look(middleware)
            files.update(middleware.files)
        middleware.files.update(files)

    def read_once(result: object) -> dict[str, Any]:
        settings.update(settings or read(result))
        return dict(settings)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", look_once)
        if not os.environ.get("OPENROADS_TEST_ARCHIVE"):  # a server's may differ
            patch.setattr(orchestration, "_setting_definitions", read_once)
        yield


@pytest.fixture(autouse=True)
def _nobody_is_remembered() -> Iterator[None]:
    """Counts of failed sign-ins and figures stand in the caches, the language of the last page that was
    asked for in its thread, and what a test set of the house in its settings; each test begins without."""
    before = dict(vars(house_settings.OPENROADS))
    yield
    vars(house_settings.OPENROADS).update(before)
    from django.core.cache import caches
    from django.utils import translation

    translation.deactivate()
    for name in house_settings.CACHES:
        with suppress(RuntimeError):  # a test without database has nothing in the database's cache
            caches[name].clear()


def on_the_payroll(name: str, email: str, *roles: str, **scope: Any) -> Any:
    """One of the cast: a person with roles, added by the house itself."""
    from openroads.directory.actions import create_person, grant_role
    from openroads.directory.people import system_person

    system = system_person()
    person = create_person(by=system, email=email, name=name)
    for role in roles:
        grant_role(by=system, person=person, role=role, **scope)
    return person


@pytest.fixture
def noor(db: None) -> Any:
    """Noor Verbeek, conversation manager."""
    return on_the_payroll("Noor Verbeek", "noor@windmee.example", "conversation_manager")


@pytest.fixture
def daan(db: None) -> Any:
    """Daan Kuipers, webcare agent."""
    return on_the_payroll("Daan Kuipers", "daan@windmee.example", "webcare_agent")


@pytest.fixture
def bram(db: None) -> Any:
    """Bram Postma, webcare agent of the PR desk only."""
    from openroads.directory.models import Team

    desk, _made = Team.objects.get_or_create(name="PR desk")
    return on_the_payroll("Bram Postma", "bram@windmee.example", "webcare_agent", team=desk)


@pytest.fixture
def sanne(db: None) -> Any:
    """Sanne de Wit, listener."""
    return on_the_payroll("Sanne de Wit", "sanne@windmee.example", "listener")


@pytest.fixture
def fleur(db: None) -> Any:
    """Fleur, editor-in-chief."""
    return on_the_payroll("Fleur Hoekstra", "fleur@windmee.example", "editor")


@pytest.fixture
def ilse(db: None) -> Any:
    """Ilse Brouwer, champion."""
    return on_the_payroll("Ilse Brouwer", "ilse@windmee.example", "champion")


@pytest.fixture
def tom(db: None) -> Any:
    """Tom Hendriks, head of Product."""
    from openroads.directory.models import Department

    product, _made = Department.objects.get_or_create(name="Product")
    return on_the_payroll(
        "Tom Hendriks", "tom@windmee.example", "department_head", department=product
    )


@pytest.fixture
def omar(db: None) -> Any:
    """Omar, decision maker."""
    return on_the_payroll("Omar Bakker", "omar@windmee.example", "decision_maker")


@pytest.fixture
def ida(db: None) -> Any:
    """Ida, employee."""
    return on_the_payroll("Ida Smit", "ida@windmee.example", "employee")


@pytest.fixture
def marloes(db: None) -> Any:
    """Marloes de Groot, customer."""
    return on_the_payroll("Marloes de Groot", "marloes@customer.example", "customer")


@pytest.fixture
def ada(db: None) -> Any:
    """Ada, administrator."""
    return on_the_payroll("Ada Vermeer", "ada@windmee.example", "administrator")


@pytest.fixture
def cast(
    noor: Any, daan: Any, bram: Any, sanne: Any, fleur: Any, ilse: Any, tom: Any, omar: Any,
    ida: Any, marloes: Any, ada: Any,
) -> dict[str, Any]:  # fmt: skip
    """Everybody, by first name."""
    everybody = (noor, daan, bram, sanne, fleur, ilse, tom, omar, ida, marloes, ada)
    return {person.name.split()[0].lower(): person for person in everybody}


@pytest.fixture
def signed_in(db: None) -> Callable[[Any], Client]:
    """A browser in which a person is signed in: `signed_in(noor).get("/")`."""

    def browser(person: Any) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return browser


@pytest.fixture(scope="session")
def state_of_a_new_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a house that was started and stopped, made once for all workers of this run."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    made = shared / "new-house"
    with (shared / "new-house.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            from tests.cli.houses import openroads

            told = openroads("user", "list", "--data", made)
            assert told.returncode == 0, told.stderr
    return made / "db.sqlite3"


@pytest.fixture
def new_data(state_of_a_new_house: Path, tmp_path: Path) -> Path:
    """The folder of a new house that need not wait for sixty migrations."""
    folder = tmp_path / "house"
    folder.mkdir()
    shutil.copy2(state_of_a_new_house, folder / "db.sqlite3")
    return folder


@pytest.fixture(scope="session")
def empty_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive without a post, to copy: opening its tables costs a third of making them."""
    from openroads.archive.client import Archive
    from openroads.directory import conversations

    conversations.close_archive()
    place = tmp_path_factory.mktemp("empty") / "archive"
    Archive.open(place, author_key=b"test key").close()
    return place


@pytest.fixture
def archive_here(tmp_path: Path, settings: Any, empty_archive: Path) -> Iterator[Any]:
    """The house's own archive, empty, in a folder of this test; what the pages and jobs open."""
    from openroads.directory import conversations

    conversations.close_archive()
    shutil.copytree(empty_archive, tmp_path / "archive", symlinks=True)
    given = settings.OPENROADS
    before = given.archive_location, given.data
    given.archive_location, given.data = tmp_path / "archive", tmp_path
    try:
        yield conversations.archive()
    finally:
        conversations.close_archive()
        given.archive_location, given.data = before
