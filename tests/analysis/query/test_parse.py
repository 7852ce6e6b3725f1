"""What a query's text means, and what is said about one that is wrong."""

import pytest

from openroads.analysis.query.faults import Fault, Limits
from openroads.analysis.query.known import Known
from openroads.analysis.query.parse import parse
from openroads.analysis.query.show import show

WINDMEE = Known(
    brands={1: "Windmee", 2: "Café Één"},
    products={4: "Windmee One", 5: "Light", 6: "light"},
    sources={7: "Forum of fans", 8: "2026"},
    networks={"bluesky": "Bluesky", "appstore": "App Store"},
)

MEANINGS = {
    "Accu": "accu",
    "accu leeg": "accu AND leeg",
    "accu EN leeg": "accu AND leeg",
    "accu OF leeg NIET demo": "accu OR (leeg AND NOT demo)",
    "accu AND (leeg OR kapot)": "accu AND (leeg OR kapot)",
    "accu leeg OR kapot": "(accu AND leeg) OR kapot",
    "accu NOT NOT leeg": "accu AND leeg",
    "accu NOT (leeg kapot)": "accu AND NOT (leeg AND kapot)",
    "((accu))": "accu",
    "accu and leeg": "accu AND and AND leeg",
    "“De Accu”": '"de accu"',
    '"accu"': "accu",
    "e-mail": '"e mail"',
    "windmee's": '"windmee s"',
    "windmee.nl": '"windmee nl"',
    "3,5": '"3 5"',
    "klanten\u00adservice": "klantenservice",
    "Straße CAFÉ İstanbul": "strasse AND cafe AND istanbul",
    "日本": '"日 本"',
    "klant*": "klant*",
    "kl*nt": "kl*nt",
    "kl**nt": "kl*nt",
    '"de klant*"': '"de klant*"',
    "accu NEAR/3 leeg": "accu NEAR/3 leeg",
    "accu BIJ/3 leeg": "accu NEAR/3 leeg",
    "accu VOOR/0 leeg": "accu ONEAR/0 leeg",
    '(accu OR "de batterij") ONEAR/20 (leeg OR kap*)': '(accu OR "de batterij") ONEAR/20 (leeg OR kap*)',
    "a NEAR/3 b c": "a NEAR/3 b AND c",
    "accu NOT a NEAR/3 b": None,
    "accu NOT (a NEAR/3 b)": "accu AND NOT (a NEAR/3 b)",
    "#WindMee @Noor": "#windmee AND @noor",
    "#a#b": "#a AND #b",
    "hashtag:#café": "#cafe",
    "author:@Noor": "author:noor",
    'auteur:"Noor de Groot"': 'author:"noor de groot"',
    "author:noor*": "author:noor*",
    "site:WWW.Windmee.nl": "site:windmee.nl",
    "lang:NL": "lang:nl",
    "taal:onbekend": "lang:unknown",
    "lang:(nl OR en)": "lang:nl OR lang:en",
    "lang:(nl en) accu": "(lang:nl OR lang:en) AND accu",
    "toon:negatief": "tone:negative",
    "kind:(klacht OF vraag)": "kind:complaint OR kind:question",
    "heeft:link has:emoji": "has:link AND has:emoji",
    "likes:>10": "likes:>10",
    "likes:≥10": "likes:>=10",
    "likes:10": "likes:10",
    "views:10..20": "views:>=10 AND views:<=20",
    "NOT views:10..20 accu": "NOT (views:>=10 AND views:<=20) AND accu",
    "replies:..20": "replies:<=20",
    "rating:4,5": "rating:4.5",
    "cijfer:>=3.25": "rating:>=3.25",
    "date:2026": "date:2026-01-01..2026-12-31",
    "date:2026-02": "date:2026-02-01..2026-02-28",
    "date:2026-02-03": "date:2026-02-03",
    "datum:2026-01..2026-03": "date:2026-01-01..2026-03-31",
    "date:2026-01-15..": "date:2026-01-15..",
    "date:..2026-01": "date:..2026-01-31",
    "date:>2026-01": "date:2026-02-01..",
    "date:>=2026-01": "date:2026-01-01..",
    "date:<2026-01": "date:..2025-12-31",
    "date:<=2026-01-05": "date:..2026-01-05",
    "👍🏽": "emoji:👍",
    "accu👍": "accu AND emoji:👍",
    "emoji:❤️": "emoji:❤",
    "brand:1": "brand:1",
    "merk:windmee": "brand:1",
    'brand:"cafe een"': "brand:2",
    "product:LIGHT": "product:5 OR product:6",
    'bron:"forum of fans"': "source:7",
    "source:2026": "source:2026",
    "source:bluesky": "network:bluesky",
    'network:"app store"': "network:appstore",
    "netwerk:appstore": "network:appstore",
}  # fmt: skip


@pytest.mark.parametrize("text", MEANINGS)
def test_a_query_means(text: str) -> None:
    query = parse(text, WINDMEE).query
    assert (show(query) if query else None) == MEANINGS[text]


# What is wrong, the words it points at, and what it proposes; ¦ marks nothing at all.
WRONG: dict[str, tuple[str, str, str]] = {
    "": ("empty", "", ""),
    "   ": ("empty", "   ", ""),
    "accu AND": ("nothing_after", "AND", ""),
    "OR accu": ("nothing_before", "OR", ""),
    "accu OR AND leeg": ("nothing_before", "AND", ""),
    "accu OR OR leeg": ("nothing_after", "OR", ""),
    "accu NOT": ("nothing_after", "NOT", ""),
    "NEAR/3 leeg": ("nothing_before", "NEAR/3", ""),
    "accu NEAR/3": ("nothing_after", "NEAR/3", ""),
    "accu NEAR leeg": ("odd_distance", "NEAR", "NEAR/5"),
    "accu BIJ/veel leeg": ("odd_distance", "BIJ/veel", "BIJ/5"),
    "accu NEAR/21 leeg": ("odd_distance", "NEAR/21", "NEAR/20"),
    "accu NEAR/999999999999 leeg": ("odd_distance", "NEAR/999999999999", "NEAR/20"),
    "a NEAR/3 b NEAR/3 c": ("near_chain", "NEAR/3", ""),
    "NOT a NEAR/3 b": ("near_not", "NOT a NEAR/3 b", "NOT (a NEAR/3 b)"),
    "a NEAR/3 NOT b": ("near_not", "a NEAR/3 NOT b", ""),
    "a NEAR/3 lang:nl": ("near_operand", "lang:nl", ""),
    "a NEAR/3 (b c)": ("near_operand", "(b c)", ""),
    "(accu leeg": ("no_closing", "(", ""),
    "accu) leeg": ("no_opening", ")", ""),
    "accu ()": ("empty_group", "()", ""),
    '"de accu': ("unclosed_quote", '"de accu', '"de accu"'),
    'accu "…"': ("empty_quote", '"…"', ""),
    "accu & leeg": ("nothing_to_search", "&", "AND"),
    "accu || leeg": ("nothing_to_search", "||", "OR"),
    "accu ?": ("nothing_to_search", "?", ""),
    "a*": ("short_before_star", "a*", ""),
    "*accu": ("short_before_star", "*accu", ""),
    "ac*c*u*": ("many_stars", "ac*c*u*", ""),
    "author:n*": ("short_before_star", "n*", ""),
    "NOT accu": ("only_not", "NOT accu", ""),
    "NOT accu NOT leeg": ("only_not", "NOT accu NOT leeg", ""),
    "accu OR NOT leeg": ("only_not", "NOT leeg", ""),
    "autor:noor": ("unknown_field", "autor:noor", "author:noor"),
    "kapot: leeg": ("unknown_field", "kapot:", "kapot"),
    "Let:op": ("unknown_field", "Let:op", '"Let op"'),
    "https://www.windmee.nl/accu": ("address", "https://www.windmee.nl/accu", "site:windmee.nl"),
    "site:https://windmee.nl/accu": ("odd_site", "https://windmee.nl/accu", "windmee.nl"),
    "lang:": ("empty_value", "lang:", ""),
    'author:"  "': ("empty_value", '"  "', ""),
    "author:@": ("empty_value", "@", ""),
    "lang:()": ("empty_group", "()", ""),
    "lang:(nl": ("no_closing", "(nl", ""),
    "lang:(nl AND en)": ("odd_values", "AND", ""),
    'lang:"nl': ("unclosed_quote", '"nl', ""),
    "lang:dutch": ("odd_language", "dutch", "nl"),
    "tone:negatve": ("unknown_value", "negatve", "negative"),
    "has:image": ("not_kept", "image", ""),
    "has:wings": ("unknown_value", "wings", ""),
    "likes:many": ("odd_figure", "many", ""),
    "likes:>1.000": ("odd_figure", ">1.000", ">1000"),
    "likes:-1": ("odd_figure", "-1", ""),
    "likes:4.5": ("odd_figure", "4.5", ""),
    "likes:20..10": ("turned_range", "20..10", "10..20"),
    "date:2026-13": ("odd_date", "2026-13", ""),
    "date:2026-02-30": ("odd_date", "2026-02-30", ""),
    "date:5-1-2026": ("odd_date", "5-1-2026", "2026-01-05"),
    "date:>=5/1/2026": ("odd_date", ">=5/1/2026", ">=2026-01-05"),
    "date:2026-03..2026-01": ("turned_range", "2026-03..2026-01", "2026-01..2026-03"),
    "@noor.bsky.social": ("odd_mark", "@noor.bsky.social", "@noor"),
    "hashtag:a-b": ("odd_mark", "a-b", ""),
    "emoji:a": ("no_emoji", "a", "a"),
    "brand:windme": ("unknown_value", "windme", "Windmee"),
    "product:windmeeone": ("unknown_value", "windmeeone", '"Windmee One"'),
    "network:myspace": ("unknown_value", "myspace", ""),
    "source:nowhere": ("unknown_value", "nowhere", ""),
}


@pytest.mark.parametrize("text", WRONG)
def test_a_fault_names_the_place_and_the_mend(text: str) -> None:
    parsed = parse(text, WINDMEE)
    assert parsed.query is None
    fault = parsed.faults[0]
    assert (fault.id, text[fault.start : fault.end], fault.fix) == WRONG[text]
    assert len(parsed.faults) == 1, parsed.faults
    assert fault.text.endswith(".")


def mended(text: str, fault: Fault) -> str:
    return text[: fault.start] + fault.fix + text[fault.end :]


@pytest.mark.parametrize(
    "text", [text for text, (id, _, fix) in WRONG.items() if fix and id != "no_emoji"]
)
def test_the_mend_of_a_fault_mends_it(text: str) -> None:
    (fault,) = parse(text, WINDMEE).faults
    again = parse(mended(text, fault), WINDMEE)
    assert fault.id not in [each.id for each in again.faults]
    assert again.query is not None or again.faults[0].id == "only_not"


NOTED = {
    "accu or leeg": ("small_operator", "or", "OR"),
    "accu Of leeg": ("small_operator", "Of", "OF"),
    "werkt niet": None,
    "werkt niet goed": ("small_operator", "niet", "NIET"),
    "BANK OF AMERICA": ("capital_operator", "OF", "of"),
    "KBC OR ING": ("capital_operator", "OR", "or"),
    "accu leeg OR kapot": ("mixed", "accu leeg OR kapot", "(accu AND leeg) OR kapot"),
    "(accu leeg) OR kapot": None,
    "-demo accu": ("minus", "-demo", "NOT demo"),
    '"top 👍" accu': ("emoji_in_phrase", '"top 👍"', ""),
}


@pytest.mark.parametrize("text", NOTED)
def test_a_note_says_what_may_not_have_been_meant(text: str) -> None:
    parsed = parse(text)
    assert parsed.query is not None
    told = [(each.id, text[each.start : each.end], each.fix) for each in parsed.notes]
    assert told == ([NOTED[text]] if NOTED[text] else [])


def test_several_faults_are_told_at_once_in_their_order() -> None:
    text = 'accu AND AND likes:x (lang:dutch tone:bad "open'
    parsed = parse(text)
    assert [(each.id, text[each.start : each.end]) for each in parsed.faults] == [
        ("nothing_after", "AND"), ("odd_figure", "x"), ("no_closing", "("), ("odd_language", "dutch"),
        ("unknown_value", "bad"), ("unclosed_quote", '"open'),
    ]  # fmt: skip


SMALL = Limits(
    letters=200, depth=2, words=5, in_phrase=3, word_letters=8, fields=2, wildcards=2, nears=1,
    distance=4,
)  # fmt: skip
BEYOND = {
    "a" * 201: "too_long",
    "(((a)))": "too_deep",
    "a b c d e f": "many_words",
    '"a b c d"': "long_phrase",
    "abcdefghi": "long_word",
    "likes:1 likes:2 likes:3": "many_fields",
    "aa* bb* cc*": "many_wildcards",
    "aa* author:bb* #cc*": "many_wildcards",
    "a NEAR/1 b OR a NEAR/2 b": "many_nears",
    "a NEAR/5 b": "odd_distance",
}
WITHIN = (
    "((a))", "a b c d e", '"a b c"', "abcdefgh", "likes:1 likes:2", "aa* bb*", "a NEAR/4 b",
)  # fmt: skip


@pytest.mark.parametrize("text", BEYOND)
def test_a_limit_is_told_where_it_is_passed(text: str) -> None:
    faults = parse(text, limits=SMALL).faults
    assert [fault.id for fault in faults] == [BEYOND[text]]
    told = [value for value in faults[0].text.told.values() if isinstance(value, int)]
    assert told and str(told[0]) in faults[0].text


@pytest.mark.parametrize("text", WITHIN)
def test_what_is_just_within_a_limit_is_read(text: str) -> None:
    assert parse(text, limits=SMALL).query is not None
