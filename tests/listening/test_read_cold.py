"""Faults somebody found who read the product cold: each stays mended."""

import csv
import io
import re
from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from openroads.analysis.gap import Totals
from openroads.connectors.files import Reading
from openroads.connectors.http import _wait
from openroads.connectors.sentences import as_json, from_json, say
from openroads.directory.models import Account
from openroads.listening.actions.reading import what_came_of_it
from openroads.listening.actions.sources import upload_texts
from openroads.listening.filters import days_asked
from openroads.listening.forms.following import TextsForm
from openroads.listening.gap_lists import one_side
from openroads.listening.models import Import, Source
from openroads.listening.origins import origin_of
from openroads.listening.report import _address
from openroads.listening.saying import translated
from openroads.listening.whose import Whose
from openroads.ui.formats import day
from tests.listening import corpus
from tests.listening.test_mended import filled_in
from tests.listening.test_mended import received as receive
from tests.listening.test_texts_and_visits import Uploaded

UNDATED = "id;tekst\n1;De accu is leeg\n2;Het zadel kraakt\n"


# ------------------------------------------------------------------------------ days and dates
@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_file_without_dates_is_imported_as_it_is_offered(
    received: Any, sanne: Any, signed_in: Any, language: str
) -> None:
    """Browsers show no day that is written otherwise than 2026-11-23, and post it empty."""
    item, today = received(UNDATED), timezone.localdate()
    assert Reading.from_json(item.reading).default_said_at == today
    browser = signed_in(sanne)
    browser.cookies["language"] = language
    page = browser.get(reverse("listening:import", args=(item.pk,))).content.decode()
    field = re.search(r'<input[^>]*name="default_said_at"[^>]*>', page)
    assert field and f'value="{today.isoformat()}"' in field[0]
    with override(language):
        words = day(today)
    assert words in page, "the sentence about it says the day in words"


def test_a_day_in_a_sentence_is_written_out_in_the_readers_language() -> None:
    told = say("The date {day} lies in the future.", day=date(2031, 11, 3))
    assert told == "The date 3 November 2031 lies in the future."
    again = from_json(as_json(told))
    assert again == told
    with override("nl"):
        assert "3 november 2031" in translated(again)


def test_the_day_since_which_texts_are_said_is_one_a_browser_shows(db: None) -> None:
    with override("nl"):
        shown = str(TextsForm(initial={"valid_from": date(2026, 11, 23)})["valid_from"])
    assert 'value="2026-11-23"' in shown


# ------------------------------------------------------------------------------ the period of a page
LAST = date(2026, 6, 28)
OLD = corpus.posts_csv().replace("2026-06-", "2014-06-")


def test_all_there_is_holds_the_oldest_post_however_long_ago() -> None:
    told = QueryDict("since=2014-06-01&until=2026-06-28")
    days = days_asked(told, first=date(2014, 6, 1), last=LAST)
    assert (days.since, days.until, days.notes()) == (date(2014, 6, 1), LAST, ())


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("since=1995-01-01", (date(2014, 6, 1), LAST)),
        ("since=2014-06-01&until=2090-01-01", (date(2014, 6, 1), LAST)),
        ("since=2014-01-01&until=2026-06-01", (date(2014, 6, 1), date(2026, 6, 1))),
        ("since=1991-01-01&until=2010-12-31", (date(2005, 12, 27), date(2010, 12, 31))),
    ],
)
def test_a_period_is_only_cut_by_days_without_posts_and_says_so(
    address: str, shown: tuple[date, date]
) -> None:
    days = days_asked(QueryDict(address), first=date(2014, 6, 1), last=LAST)
    assert (days.since, days.until) == shown
    assert [note[:8] for note in days.notes()] == ["Shown is"]


def test_the_page_says_which_day_it_could_not_read(
    windmee: Any, brought: Any, sanne: Any, signed_in: Any
) -> None:
    brought(OLD, brand=windmee)
    browser = signed_in(sanne)
    for place in ("gap", "explore", "compare", "posts"):
        address = reverse(f"listening:{place}")
        page = browser.get(address, {"since": "23-11-2013", "until": "2014-06-28"}).content.decode()
        assert "“23-11-2013” cannot be read as a day of 1990 or later" in page, place
        assert "cannot be read" not in browser.get(address).content.decode(), place


def test_after_an_import_of_old_posts_the_gap_is_over_their_days(
    windmee: Any, brought: Any, sanne: Any, signed_in: Any
) -> None:
    item = brought(OLD, brand=windmee)
    browser = signed_in(sanne)
    page = browser.get(reverse("listening:import", args=(item.pk,))).content.decode()
    found = re.search(r'href="(/[^"]*since=2014-06-01&amp;until=2014-06-28)"', page)
    assert found
    assert browser.get(found[1].replace("&amp;", "&")).context["page"].too_little is None
    late = {"since": "2026-06-01", "until": "2026-06-28"}
    few = browser.get(reverse("listening:gap"), late).context["page"].too_little
    assert few.finding == "Too few posts to speak of a gap"
    assert few.steps[0].label == "See all there is"
    assert "since=2014-06-01&until=2014-06-28" in few.steps[0].url


# ------------------------------------------------------------------------------------ who said it
def without_authors(text: str, keep: int = 0) -> str:
    """The corpus with only the first `keep` authors known."""
    rows = list(csv.reader(io.StringIO(text)))
    for row in rows[1 + keep :]:
        row[2] = ""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize(
    ("keep", "who"), [(0, "authors unknown"), (1, "1 person and authors unknown (110 posts)")]
)
def test_nobody_is_invented_where_authors_are_unknown(
    windmee: Any, brought: Any, sanne: Any, signed_in: Any, keep: int, who: str
) -> None:
    brought(without_authors(corpus.posts_csv(), keep), brand=windmee)
    upload_texts(by=sanne, brand=windmee, file=Uploaded(corpus.texts_csv()), name="texts.csv")
    browser, period = signed_in(sanne), {"since": "2026-06-01", "until": "2026-06-28"}
    page = browser.get(reverse("listening:gap"), {**period, "word": "saddle"}).context["page"]
    assert who in page.counted
    assert page.counted.endswith("A post of an unknown author counts there as one of its own.")
    assert page.drill.counted.endswith("authors unknown")
    shown = browser.get(reverse("listening:posts"), {**period, "word": "saddle"}).context["shown"]
    assert shown.counted.startswith("Authors unknown, 1 to 28 June 2026")
    body = b"".join(browser.get(reverse("listening:gap_csv"), period)).decode("utf-8-sig")
    saddle = next(row for row in csv.DictReader(io.StringIO(body)) if row["word"] == "saddle")
    assert (saddle["people"], saddle["posts of unknown authors"]) == ("0", "30")


# ------------------------------------------------------------------------- what was not measured
@pytest.mark.parametrize(
    ("earlier", "finding", "says"),
    [
        (8, "Too few posts to say what changed", "Below 30 a difference is mostly chance."),
        (40, "No word stands out from a month ago", "no word is surely used more than then."),
    ],
)
def test_home_claims_no_sameness_where_too_little_was_read(
    windmee: Any, brought: Any, sanne: Any, signed_in: Any, earlier: int, finding: str, says: str
) -> None:
    sentences, lines = corpus.Sentences(5), ["id,date,author,text,lang"]
    for n in range(40 + earlier):
        on = f"2026-06-{n % 28 + 1:02}" if n < 40 else f"2026-05-{n % 28 + 4:02}"
        lines.append(f"q{n},{on} 10:00,rider{n},{sentences.about('')},en")
    brought("\n".join(lines) + "\n", brand=windmee)
    front = signed_in(sanne).get("/").context["front"]
    assert front.finding == finding
    assert front.standfirst.startswith(
        f"40 posts in 1 to 28 June 2026, {earlier} posts in the four weeks before (4 to 31 May 2026)"
    )
    assert front.standfirst.endswith(says)


@pytest.mark.parametrize(
    ("side", "passages", "said"),
    [
        ("they", 8, "No word is surely theirs alone. With 8 passages of ours few could be."),
        ("we", 1, "No word is surely ours alone. With 1 passage of ours few could be."),
        (
            "we",
            400,
            "No word is surely ours alone. Looked at: 5,000 posts and 400 passages of ours.",
        ),
    ],
)
def test_an_empty_list_says_how_little_was_looked_at(side: str, passages: int, said: str) -> None:
    heard = Totals(5_000, 3_000, 100_000, 8, passages, 900)
    found = one_side(side, (), lambda word: "", "", Whose("Windmee", "riders", {}), 6, heard)
    assert found.none == said


# ------------------------------------------------------------------------------ what went wrong
MUDDLED = "id;tekst;datum\n1;Caf\xe9 vol;01-02-2024\n2;Een;nergens\n3;Twee;03-02-2024\n"


def test_showing_it_again_takes_no_warning_away_but_that_of_the_dates(
    windmee: Any, sanne: Any, signed_in: Any
) -> None:
    item = receive(sanne, MUDDLED)
    before = Reading.from_json(item.reading).problems
    assert len(before) == 2 and "which part is the day" in before[0]
    browser, address = signed_in(sanne), reverse("listening:import", args=(item.pk,))
    browser.post(address, filled_in(item))
    item.refresh_from_db()
    assert Reading.from_json(item.reading).problems == before, "nothing was said of the dates"
    browser.post(address, filled_in(item, date_order="mdy"))
    item.refresh_from_db()
    assert Reading.from_json(item.reading).problems == before[1:]


def test_the_sentence_of_an_import_tells_of_rows_that_were_passed_over() -> None:
    item = Import(read=9, added=3, same=1, rejected=3)
    assert what_came_of_it(item) == (
        "3 new, 1 already here, 0 changed, 3 rejected. "
        "2 rows of authors who were erased were passed over."
    )
    item.read = 7
    assert what_came_of_it(item).endswith("3 rejected.")


def test_a_number_that_is_none_breaks_no_answer() -> None:
    assert _wait("²") is None
    assert _wait("120") == 120.0


@pytest.mark.parametrize(
    ("where", "address"),
    [
        ("www.windmee.nl", "https://www.windmee.nl"),
        ("windmee.nl/over-ons", "https://windmee.nl/over-ons"),
        ("https://windmee.nl", "https://windmee.nl"),
        ("texts.csv", ""),
        ("texts", ""),
        ("./pages", ""),
    ],
)
def test_the_name_of_a_site_is_its_address(where: str, address: str) -> None:
    assert _address(where) == address


def test_where_the_house_knows_its_accounts_a_file_adds_none(windmee: Any) -> None:
    source = Source.objects.create(name="Support", kind="file", voice="customer")
    assert origin_of(source, None, {"sprintcare"}).own_handles == {"windmee"}
    Account.objects.all().delete()
    assert origin_of(source, None, {"SprintCare"}).own_handles == {"sprintcare"}


def test_one_is_one(windmee: Any, brought: Any, sanne: Any, signed_in: Any) -> None:
    brought("id,date,author,text\n1,2026-06-01,ann,The battery is flat\n", brand=windmee)
    period = {"since": "2026-06-01", "until": "2026-06-28"}
    page = signed_in(sanne).get(reverse("listening:gap"), period).context["page"]
    assert page.counted.startswith("1 post by 1 person; 0 texts of ours.")
