"""How one author writes a text down: capitals, stops, short forms, typos, emoji, tags."""

from random import Random

from openroads.demo.crowd import Author

_SHORT_NL = ((" even ", " ff "), (" mijn ", " m'n "), (" het ", " 't "), (" in ieder geval ", " iig "), (" misschien ", " mss "), (" gewoon ", " gwn "), (" volgens mij ", " vgm "), (" weken", " wkn"))  # fmt: skip
_SHORT_EN = ((" you ", " u "), (" because ", " cos "), (" and ", " & "), (" with ", " w/ "), ("though", "tho"), (" people ", " ppl "), (" really ", " rly "), (" months", " mths"))  # fmt: skip
_TAGS = {
    "winter": ("#winterbereik", "#winter", "#kou"), "wait": ("#service", "#wachten"), "family": ("#bakfiets", "#polder"), "trip": ("#fietsvakantie", "#opdefiets"),
    "ride": ("#opdefiets", "#woonwerk", "#genieten"), "rain": ("#regen", "#fietsen"), "plug": ("#laadstekker",), "theft": ("#gestolen", "#delen"), "app": ("#app", "#update"),
}  # fmt: skip
_TAGS_EN = {
    "winter": ("#winterrange", "#cold"), "wait": ("#service", "#waiting"), "family": ("#cargobike", "#schoolrun"), "trip": ("#biketour",),
    "ride": ("#bikecommute", "#cycling"), "rain": ("#rain",), "plug": ("#chargerplug",), "theft": ("#stolenbike",), "app": ("#app",),
}  # fmt: skip
_MOOD_EMOJI = {
    "-": ("😡", "🙄", "😭", "🤦‍♂️", "🤷‍♀️", "😅", "🐌"),
    "+": ("❤️", "😎", "💪", "👏", "🎉", "👍", "☀️", "🚲"),
}


def _typo(rng: Random, text: str) -> str:
    words = text.split(" ")
    for _ in range(4):
        at = int(rng.random() * len(words))
        word = words[at]
        if len(word) > 5 and word.isalpha():
            cut = 1 + int(rng.random() * (len(word) - 3))
            kind = rng.random()
            if kind < 0.45:
                words[at] = word[:cut] + word[cut + 1] + word[cut] + word[cut + 2 :]
            elif kind < 0.75:
                words[at] = word[:cut] + word[cut + 1 :]
            else:
                words[at] = word[:cut] + word[cut] + word[cut:]
            break
    return " ".join(words)


def dress(rng: Random, author: Author, text: str, mood: str) -> str:
    """The text in this author's hand."""
    if author.short:
        for long, short in _SHORT_NL if author.language == "nl" else _SHORT_EN:
            text = text.replace(long, short)
    if rng.random() < author.typos:
        text = _typo(rng, text)
    if author.dots:
        text = text.replace(". ", "... ", 1 + int(rng.random() * 2))
    if author.excited and text.endswith("."):
        text = text[:-1] + "!" * (1 + int(rng.random() * 3))
    elif author.bare and text.endswith("."):
        text = text[:-1]
    if author.lower:
        text = text.lower()
    if author.emoji and rng.random() < 0.65:
        fitting = [
            mark
            for mark in author.emoji
            if mark not in _MOOD_EMOJI.get("+" if mood == "-" else "-" if mood == "+" else "", ())
        ]
        if fitting:
            text = f"{text} {fitting[int(rng.random() * len(fitting))] * (1 if rng.random() < 0.8 else 3)}"
    return text


def tags(rng: Random, language: str, theme: str, bike: str) -> str:
    """One to three hashtags that fit the theme."""
    table = _TAGS if language == "nl" else _TAGS_EN
    pool = [
        *table.get(theme, ()),
        "#windmee",
        "#ebike",
        f"#{bike.lower()}",
        "#fiets" if language == "nl" else "#cycling",
    ]
    wanted = 1 + int(rng.random() * 3)
    chosen: list[str] = []
    for _ in range(wanted):
        tag = pool[int(rng.random() ** 1.4 * len(pool))]
        if tag not in chosen:
            chosen.append(tag)
    return " ".join(chosen)


_HELLO = {
    "nl": (
        "Beste Windmee",
        "Geachte heer, mevrouw",
        "Dag mensen van Windmee",
        "Goedemiddag",
        "Hallo",
    ),
    "en": ("Dear Windmee", "Hello", "Good morning", "Dear Sir or Madam", "Hi there"),
}
_BYE = {
    "nl": ("Met vriendelijke groet", "Groet", "Hartelijke groet", "Mvg", "Met groet"),
    "en": ("Kind regards", "Best wishes", "Regards", "Thanks", "Many thanks"),
}


def letter(rng: Random, author: Author, text: str) -> str:
    """The text as a mail: greeting, words, greeting, name."""
    hello, bye = rng.choice(_HELLO[author.language]), rng.choice(_BYE[author.language])
    return f"{hello},\n\n{text}\n\n{bye},\n{author.name}"
