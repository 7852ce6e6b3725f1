"""The road of ways and what the palette finds."""

from openroads.ui.road import Command, Page, Way, entries, found

GAP = Page("Brand gap", "/listen/gap/", current=True)
ROAD = [
    Way("Home", "/"),
    Way("Listen", "/listen/", current=True, pages=(Page("Posts", "/listen/posts/"), GAP)),
]
COMMANDS = [
    Command("Import a file", "/listen/imports/", hint="Listen"),
    Command("Find posts with", "/listen/posts/?word=", takes_words=True),
]


def labels(words):
    return [entry.label for entry in found(words, ROAD, COMMANDS)]


def test_a_way_that_holds_the_page_is_not_the_page():
    assert ROAD[1].here == "true"
    assert Way("Home", "/", current=True).here == "page"
    assert ROAD[0].here == ""


def test_the_palette_leads_to_deeds_ways_and_pages():
    assert [entry.url for entry in entries(ROAD, COMMANDS)] == [
        "/listen/imports/",
        "/listen/posts/?word=",
        "/",
        "/listen/",
        "/listen/posts/",
        "/listen/gap/",
    ]


def test_every_typed_word_must_be_there_in_any_order_and_case():
    assert labels("GAP brand") == ["Find posts with", "Brand gap"]
    assert labels("gap nowhere") == ["Find posts with"]


def test_a_page_is_found_by_the_way_it_stands_under():
    assert "Brand gap" in labels("listen gap")
