"""Tables: any dialect, encoding and heading gives the same messages, in pages that can resume."""

import csv
import json
import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from openroads.archive.message import Message
from openroads.connectors.failures import Refused
from openroads.connectors.files import Reading, detect, read, with_preview
from openroads.connectors.files.headings import fold, language_tag
from openroads.connectors.files.rows import count, rating
from openroads.connectors.port import Rejected

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def told(path: Path, reading: Reading | None = None) -> tuple[list[Message], list[Rejected]]:
    messages: list[Message] = []
    rejected: list[Rejected] = []
    for page in read(path, reading or detect(path, now=NOW), now=NOW):
        messages += page.messages
        rejected += page.rejected
    return messages, rejected


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


POSTS = [
    ("101", "De accu van mijn Kade is alweer leeg, wat nu?", "16-02-2025 10:00", "marloes"),
    ("102", 'Top service, "echt waar"; morgen al gemaakt', "17-02-2025 11:30", "ida"),
    ("103", "Eerste regel\nen een tweede, met komma's", "28-02-2025 09:15", "omar"),
]


def table(rows: list[tuple[str, ...]], path: Path, **dialect: object) -> Path:
    encoding = str(dialect.pop("encoding", "utf-8"))
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, **dialect)  # type: ignore[arg-type]
        writer.writerows(rows)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r"])
def test_the_same_posts_in_any_dress(
    tmp_path: Path, encoding: str, delimiter: str, newline: str
) -> None:
    rows = [
        ("id", "bericht", "datum", "auteur"),
        *POSTS,
        ("104", "Café kapot, reünie?", *POSTS[0][2:]),
    ]
    path = table(
        rows, tmp_path / "posts.csv", encoding=encoding, delimiter=delimiter,
        lineterminator=newline, quoting=csv.QUOTE_ALL if newline == "\r" else csv.QUOTE_MINIMAL,
    )  # fmt: skip
    reading = detect(path, now=NOW)
    assert reading.date_order == "dmy"
    messages, rejected = told(path, reading)
    assert rejected == []
    assert [m.text for m in messages] == [row[1] for row in rows[1:]]
    assert [m.native_id for m in messages] == ["101", "102", "103", "104"]
    assert messages[0].said_at == datetime(2025, 2, 16, 9, 0, tzinfo=UTC)
    assert messages[0].author == "marloes"


words = st.text(
    alphabet=st.characters(
        codec="ascii", min_codepoint=32, max_codepoint=126, exclude_characters="<&"
    )
    | st.sampled_from("éèëêïíüúöóäáàçñßÉ€“”‘’–…")
    | st.sampled_from("\n,;\t|\"'"),
    min_size=1,
    max_size=60,
).filter(lambda text: text.strip() and any(c.isalpha() for c in text))


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    texts=st.lists(words, min_size=1, max_size=12),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    quote=st.sampled_from(['"', "'"]),
    newline=st.sampled_from(["\r\n", "\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
)
def test_round_trip(
    tmp_path: Path, texts: list[str], delimiter: str, quote: str, newline: str, encoding: str
) -> None:
    if encoding == "cp1252":  # letters that happen to be good UTF-8 as well cannot be told apart
        raw = "".join(texts).encode("cp1252")
        assume(raw.isascii() or "\ufffd" in raw.decode("utf-8", "replace"))
    rows = [("id", "datum", "tekst")]
    rows += [(f"p{n}", "2025-02-16 10:00", text) for n, text in enumerate(texts)]
    path = table(
        rows, tmp_path / "posts.csv", encoding=encoding, delimiter=delimiter, quotechar=quote,
        lineterminator=newline, quoting=csv.QUOTE_ALL,
    )  # fmt: skip
    messages, rejected = told(path)
    assert [row.reason for row in rejected] == []
    assert [m.native_id for m in messages] == [row[0] for row in rows[1:]]
    assert [m.text for m in messages] == [text.strip() for text in texts]


def test_pages_resume_anywhere_and_repeat_nothing(tmp_path: Path) -> None:
    rows = [("id", "text", "date")]
    rows += [(str(n), f'Bericht {n}\nmet "aanhaling", é', "2025-02-16") for n in range(4_500)]
    for encoding in ("utf-8-sig", "utf-16", "cp1252"):
        path = table(rows, tmp_path / f"{encoding}.csv", encoding=encoding)
        reading = detect(path, now=NOW)
        pages = list(read(path, reading, now=NOW))
        assert [len(page.messages) for page in pages] == [2_000, 2_000, 500]
        assert pages[-1].share == 1.0
        resumed = [
            message.native_id
            for page in read(path, reading, cursor=pages[0].cursor, now=NOW)
            for message in page.messages
        ]
        assert resumed == [str(n) for n in range(2_000, 4_500)]


def test_a_cursor_of_something_else_is_refused(tmp_path: Path) -> None:
    path = table([("id", "text", "date"), ("1", "Hallo daar", "2025-02-16")], tmp_path / "a.csv")
    with pytest.raises(Refused, match="start again"):
        list(read(path, detect(path, now=NOW), cursor="{'x'}", now=NOW))


EXPORTS = {
    "brandwatch": (
        "Report:,Mentions\nBrand:,Windmee\n\n"
        "Query Id,Query Name,Date,Title,Snippet,Url,Domain,Sentiment,Language,Author,Full Name,"
        "Full Text,Thread Id,Likes\n"
        "19,Windmee,2025-02-16 10:00:00.0,Fietsen,De accu,https://www.reddit.com/r/a/1,reddit.com,"
        "neutral,nl,marloes,Marloes de Groot,De accu van de Kade is leeg,t1,12\n",
        {"text": "Full Text", "said_at": "Date", "author": "Author", "author_name": "Full Name",
         "url": "Url", "language": "Language", "thread": "Thread Id", "likes": "Likes"},
        "reddit",
    ),
    "coosto": (
        "Datum;Bron;Type;Auteur;Titel;Bericht;URL;Sentiment;Volgers\n"
        "16-02-2025 10:00;Twitter;bericht;marloes;;De accu van de Kade is leeg;"
        "https://x.com/marloes/status/1;negatief;1.204\n",
        {"text": "Bericht", "said_at": "Datum", "author": "Auteur", "url": "URL", "network": "Bron"},
        "x",
    ),
    "meltwater": (
        "Date\tTime\tDocument ID\tURL\tSource Name\tAuthor Handle\tHit Sentence\tLanguage\tReach\n"
        "16-Feb-2025\t10:00 AM\tabc1\thttps://news.example/1\tDe Krant\t@marloes\t"
        "De accu van de Kade is leeg\tDutch\t1,204\n",
        {"text": "Hit Sentence", "said_at": "Date", "said_time": "Time", "native_id": "Document ID",
         "author": "Author Handle", "language": "Language", "views": "Reach"},
        "file",
    ),
    "x": (
        '"Tweet id","Tweet permalink","Tweet text","time","impressions","retweets","likes"\n'
        '"1892000000000000001","https://x.com/windmee/status/1892000000000000001",'
        '"De accu van de Kade is leeg","2025-02-16 10:00 +0000","1204.0","3.0","4.0"\n',
        {"native_id": "Tweet id", "text": "Tweet text", "said_at": "time", "views": "impressions",
         "url": "Tweet permalink", "reposts": "retweets", "likes": "likes"},
        "x",
    ),
    "hootsuite": (
        "Date (GMT),Network,Username,Message,Post Link\n"
        "2025-02-16 10:00,FACEBOOK,marloes,De accu van de Kade is leeg,https://fb.com/1\n",
        {"text": "Message", "said_at": "Date (GMT)", "author": "Username", "network": "Network"},
        "facebook",
    ),
    "obi4wan": (
        "berichtId;publicatiedatum;auteur;bericht;bron;taal;url\n"
        "77;16/02/2025 10:00:00;marloes;De accu van de Kade is leeg;instagram;nl;"
        "https://www.instagram.com/p/1\n",
        {"native_id": "berichtId", "text": "bericht", "said_at": "publicatiedatum",
         "author": "auteur", "network": "bron", "language": "taal", "url": "url"},
        "instagram",
    ),
    "reviews": (
        "Recensie;Sterren;Datum;Naam\n"
        "De accu van de Kade is leeg;2;16 februari 2025;Marloes\n",
        {"text": "Recensie", "rating": "Sterren", "said_at": "Datum", "author_name": "Naam"},
        "review",
    ),
}  # fmt: skip


@pytest.mark.parametrize("tool", EXPORTS)
def test_exports_of_other_tools_need_no_hand(tmp_path: Path, tool: str) -> None:
    text, columns, network = EXPORTS[tool]
    path = write(tmp_path / "export.csv", text)
    reading = detect(path, now=NOW)
    assert {key: reading.columns.get(key) for key in columns} == columns
    messages, rejected = told(path, reading)
    assert rejected == []
    (message,) = messages
    assert message.text == "De accu van de Kade is leeg"
    assert message.said_at.date() == date(2025, 2, 16)
    assert message.network == network
    assert "@" not in message.author


def test_a_date_in_gmt_by_its_heading_is_read_as_such(tmp_path: Path) -> None:
    path = write(tmp_path / "e.csv", EXPORTS["hootsuite"][0])
    assert told(path)[0][0].said_at == datetime(2025, 2, 16, 10, 0, tzinfo=UTC)


def test_a_file_without_headings_is_read_by_what_its_cells_look_like(tmp_path: Path) -> None:
    rows = [
        (
            f"16-02-2025 10:{n:02}",
            f"Dit is het bericht nummer {n} over de fiets",
            f"https://x.com/{n}",
        )
        for n in range(30)
    ]
    path = table(rows, tmp_path / "bare.csv", delimiter=";")
    reading = detect(path, now=NOW)
    assert not reading.has_header
    assert reading.columns == {"text": "column 2", "said_at": "column 1", "url": "column 3"}
    messages, rejected = told(path, reading)
    assert (len(messages), rejected) == (30, [])
    assert messages[0].network == "x"


def test_headings_nobody_knows_are_headings_all_the_same(tmp_path: Path) -> None:
    rows = [("wanneer", "wat vond u ervan")]
    rows += [("2025-02-16", f"Ik vond fiets {n} best goed rijden") for n in range(10)]
    reading = detect(table(rows, tmp_path / "a.csv"), now=NOW)
    assert reading.columns == {"text": "wat vond u ervan", "said_at": "wanneer"}
    assert any("taken for headings" in problem for problem in reading.problems)


def test_one_text_to_a_line_is_a_file_too(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.txt",
        "De accu, die van de Kade, is leeg\nTop fiets hoor\nWaar blijft mijn reparatie, na drie weken\n",
    )
    reading = detect(path, now=NOW, fallback_date=date(2025, 1, 1))
    messages, _ = told(path, reading)
    assert [m.text for m in messages][:2] == ["De accu, die van de Kade, is leeg", "Top fiets hoor"]


def test_ambiguous_dates_are_asked_and_the_proof_is_looked_for_in_the_whole_file(
    tmp_path: Path,
) -> None:
    early = [(str(n), f"Bericht nummer {n} hier", f"0{n % 9 + 1}/03/2024") for n in range(6_000)]
    path = table([("id", "text", "date"), *early], tmp_path / "a.csv")
    reading = detect(path, now=NOW)
    assert reading.date_order == "dmy"
    assert any("which part is the day" in problem for problem in reading.problems)
    path = table([("id", "text", "date"), *early, ("x", "Het bewijs is er", "03/25/2024")], path)
    reading = detect(path, now=NOW)
    assert (reading.date_order, reading.problems) == ("mdy", ())


def test_mixed_orders_are_told_and_rejected_row_by_row(tmp_path: Path) -> None:
    dates = ["13/03/2024", "14/03/2024", "03/15/2024", "04/05/2024"]
    rows = [(str(n), f"Bericht nummer {n}", day) for n, day in enumerate(dates)]
    path = table([("id", "text", "date"), *rows], tmp_path / "a.csv")
    reading = detect(path, now=NOW)
    assert reading.date_mixed and any("month first (1)" in p for p in reading.problems)
    messages, rejected = told(path, reading)
    assert [m.native_id for m in messages] == ["0", "1"]
    assert [row.where for row in rejected] == ["row 4", "row 5"]
    chosen = replace(reading, date_order="mdy", date_mixed=False)
    assert [m.native_id for m in told(path, chosen)[0]] == ["2", "3"]


def test_dates_that_cannot_be_are_rejected_with_the_reason(tmp_path: Path) -> None:
    rows = [
        ("1", "Goed bericht", "2025-02-16"), ("2", "Uit de toekomst", "2031-01-01"),
        ("3", "Leeg tijdstip", "1970-01-01 00:00:00"), ("4", "Geen datum", ""),
        ("5", "Onzin als datum", "gisteren"), ("6", "Te oud", "1980-05-05"),
    ]  # fmt: skip
    messages, rejected = told(table([("id", "text", "date"), *rows], tmp_path / "a.csv"))
    assert [m.native_id for m in messages] == ["1"]
    reasons = [row.reason for row in rejected]
    for reason, part in zip(
        reasons, ("future", "empty timestamp", "no date", "not a date", "before 1990"), strict=True
    ):
        assert part in reason
    assert rejected[0].raw == {"id": "2", "text": "Uit de toekomst", "date": "2031-01-01"}


def test_long_ids_survive_and_figures_that_lost_digits_do_not_pass(tmp_path: Path) -> None:
    rows = [("id", "text", "date"), ("567588278875213824", "Hele id hier", "2025-02-16")]
    assert told(table(rows, tmp_path / "a.csv"))[0][0].native_id == "567588278875213824"
    rows += [(f"56758827887521{n:04}", f"Nog een bericht {n}", "2025-02-16") for n in range(9)]
    rows.append(("5.67588E+17", "Verloren id hier", "2025-02-16"))
    path = table(rows, tmp_path / "b.csv")
    reading = detect(path, now=NOW)
    assert any("lost their last digits" in problem for problem in reading.problems)
    messages, rejected = told(path, reading)
    assert len(messages) == 10 and "lost its last digits" in rejected[0].reason


def test_a_column_of_lost_ids_is_not_used_and_says_so(tmp_path: Path) -> None:
    rows = [("tweet_id", "text", "date")]
    rows += [("5.67588E+17", f"Bericht nummer {n}", "2025-02-16") for n in range(20)]
    path = table(rows, tmp_path / "a.csv")
    reading = detect(path, now=NOW)
    assert "native_id" not in reading.columns
    assert any("not used" in problem for problem in reading.problems)
    messages, rejected = told(path, reading)
    assert (len({m.native_id for m in messages}), rejected) == (20, [])


def test_counts_ratings_and_languages_as_people_write_them() -> None:
    assert [count(c) for c in ("12", "1.204", "1,204", "1.2K", "3,4 m", "37.0", "", "veel")] == [
        12, 1204, 1204, 1200, 3_400_000, 37, None, None,
    ]  # fmt: skip
    assert [rating(r) for r in ("4", "4,5", "4/5", "8.0", "x", "")] == [4, 4.5, 4, 8, None, None]
    assert [language_tag(w) for w in ("Nederlands", "en-GB", "nl", "und", "Klingon!")] == [
        "nl", "en", "nl", "", "",
    ]  # fmt: skip
    assert fold("Tweet_ID") == "tweet id" and fold("createdAt") == "created at"


def test_the_preview_shows_how_each_row_is_read_and_follows_a_correction(tmp_path: Path) -> None:
    rows = [(str(n), f"Bericht nummer {n}", f"0{n % 9 + 1}/03/2024") for n in range(80)]
    path = table(
        [
            ("id", "text", "date"),
            *rows,
        ],
        tmp_path / "a.csv",
    )
    reading = detect(path, now=NOW)
    assert len(reading.preview) == 50
    assert reading.preview[1].cells == {"id": "1", "text": "Bericht nummer 1", "date": "02/03/2024"}
    assert reading.preview[1].read["said_at"].startswith("2024-03-02")
    corrected = with_preview(path, replace(reading, date_order="mdy"), now=NOW)
    assert corrected.preview[1].read["said_at"].startswith("2024-02-03")


def test_a_reading_goes_to_json_and_back_and_checks_itself(tmp_path: Path) -> None:
    path = table([("id", "text"), ("1", "Zomaar een bericht")], tmp_path / "a.csv")
    reading = detect(path, now=NOW, fallback_date=date(2025, 1, 1))
    assert Reading.from_json(json.loads(json.dumps(reading.as_json()))) == reading
    for wrong, sentence in (
        (replace(reading, columns={"text": "nergens"}), "no column “nergens”"),
        (replace(reading, columns={}), "which column holds the text"),
        (replace(reading, default_said_at=None), "which column holds the date"),
        (replace(reading, timezone="Mars/Base"), "no time zone"),
        (replace(reading, default_network="hyves"), "not a network"),
        (replace(reading, date_order="ymd"), "not an order"),
    ):
        with pytest.raises(Refused, match=sentence):
            wrong.check()


def test_the_fingerprint_is_that_of_the_headings(tmp_path: Path) -> None:
    one = detect(table([("ID", "Text"), ("1", "Zomaar een bericht")], tmp_path / "a.csv"), now=NOW)
    two = detect(
        table([("id", "text "), ("9", "Iets heel anders")], tmp_path / "b.csv", delimiter=";"),
        now=NOW,
    )
    three = detect(
        table([("id", "body"), ("1", "Zomaar een bericht")], tmp_path / "c.csv"), now=NOW
    )
    assert one.fingerprint == two.fingerprint != three.fingerprint


def test_quotes_escaped_by_a_backslash_are_understood(tmp_path: Path) -> None:
    rows = "".join(f'"{n}","Zij zei \\"nee, dank\\" tegen {n}","2025-02-16"\n' for n in range(9))
    messages, rejected = told(write(tmp_path / "a.csv", '"id","text","date"\n' + rows))
    assert rejected == []
    assert messages[0].text == 'Zij zei "nee, dank" tegen 0'


def test_blanks_after_delimiters_are_no_part_of_the_cells(tmp_path: Path) -> None:
    rows = "".join(f'"{n}", "Bericht, nummer {n}", "2025-02-16"\n' for n in range(9))
    messages, rejected = told(write(tmp_path / "a.csv", '"id", "text", "date"\n' + rows))
    assert rejected == []
    assert messages[8].text == "Bericht, nummer 8"


def test_tabs_with_loose_quotes_in_the_texts_are_read_as_they_stand(tmp_path: Path) -> None:
    rows = "".join(f'{n}\tEen 28" wiel en een "citaat" nummer {n}\t2025-02-16\n' for n in range(9))
    messages, rejected = told(write(tmp_path / "a.tsv", "id\ttext\tdate\n" + rows))
    assert rejected == []
    assert messages[0].text == 'Een 28" wiel en een "citaat" nummer 0'


def test_a_file_without_dates_gets_the_day_it_was_changed_by_the_clock_of_the_house(
    tmp_path: Path,
) -> None:
    """At half past ten in the evening UTC it is tomorrow already in Amsterdam."""
    place = tmp_path / "undated.csv"
    place.write_text("text\nThe battery is empty.\n", encoding="utf-8")
    late = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    os.utime(place, (late.timestamp(), late.timestamp()))
    for zone, day in (("Europe/Amsterdam", date(2026, 7, 1)), ("UTC", date(2026, 6, 30))):
        found = detect(place, now=late + timedelta(days=3), timezone=zone)
        assert found.default_said_at == day
