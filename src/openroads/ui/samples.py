"""A made-up road for the sheet of parts, which is shown without signing in."""

from openroads.ui.road import Command, Page, Way

ROAD = (
    Way("Home", "#home", key="h"),
    Way(
        "Listen",
        "#listen",
        current=True,
        key="l",
        pages=(Page("Explore", "#explore"), Page("Brand gap", "#gap", current=True)),
    ),
    Way("Answer", "#answer", count=31, key="a"),
    Way("Change", "#change", count=3, key="c"),
    Way("Publish", "#publish", key="p"),
    Way("Reports", "#reports", apart=True),
)

COMMANDS = (
    Command("Import a file", "#import", hint="Listen"),
    Command("Find posts with", "#posts-", takes_words=True),
)
