"""What an author is called by those who do not see names: two words and three figures, always the same.

The words are the same in Dutch and in English, so that colleagues who read the house in two languages
talk about one person by one name. The name is made from the author's keyed hash (see
`openroads.archive.batch.author_key`): without the key of the house nobody can tell whose it is, and
nobody can try handles until one fits.
"""

WORDS = tuple(
    """
    album alpaca amber arena aroma atlas ballet banjo basalt bison blues bonsai cactus camera canyon
    caravan cello chili cirrus coda cobra credo crocus delta diploma drama duet echo eland ensemble
    espresso fauna festival filter flamingo flora fjord focus forum fresco fuchsia gazelle gong
    gorilla hangar harmonica harp hockey hotel impala iris jade jaguar jazz judo jungle kimono kiwi
    koala lava lens limerick lotus lynx macaroni magma magnolia mango marathon marimba marmot menu
    metro mezzo mica mimosa minibus model moment motor museum mustang ocarina opal opera optimum orca
    organza otter pampa panda panorama papaya paprika parade pasta patio picnic plan plateau podium
    poncho pony portal puma quiche quota radar radio ragtime raga ravioli requiem robot rondo rugby
    safari saga salami salsa samba sauna sequoia serenade sherpa sherry sitar slalom sloop snorkel
    solo sonar sport sprint squash stencil storm studio taiga tandem tango taxi tempo tennis
    terracotta terrier tiara tofu tombola tram trampoline trio tuba tundra turbine twist veranda
    video villa volt wallaby walrus water wagon west wind winter wombat yoga zebra zigzag zinnia zoom
    """.split()
)
"""TRICKY: to add, take away or move one word gives every author another name."""

FIGURES = 1000
SPACE = len(WORDS) ** 2 * FIGURES
"""How many names there are. Of 20,000 authors about 6 pairs share one; of a million, about one in 33
shares it with somebody: enough to talk about somebody, not to count people by."""

_PLACE = {word: place for place, word in enumerate(WORDS)}


def pseudonym(key: int) -> str:
    """The name of an author by their keyed hash: "amber-otter-042"; empty for 0, who is nobody."""
    if not key:
        return ""
    rest, figures = divmod(key % SPACE, FIGURES)
    first, second = divmod(rest, len(WORDS))
    return f"{WORDS[first]}-{WORDS[second]}-{figures:03d}"


def number_of(name: str) -> int | None:
    """Which of the `SPACE` names this is; None for anything else. The authors of that name are those
    whose keyed hash leaves this when divided by `SPACE`."""
    parts = name.split("-")
    if len(parts) != 3 or not (len(parts[2]) == 3 and parts[2].isascii() and parts[2].isdigit()):
        return None
    first, second = _PLACE.get(parts[0]), _PLACE.get(parts[1])
    if first is None or second is None:
        return None
    return (first * len(WORDS) + second) * FIGURES + int(parts[2])
