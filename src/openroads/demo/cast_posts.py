"""The posts the demo's people meet by name: Marloes and the others who stand in the inbox and in the stories."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CastPost:
    """A fixed post, `ago` days before today at `second` of that day (Amsterdam time)."""

    ago: int
    second: int
    network: str
    handle: str
    name: str
    language: str
    theme: str
    mood: str
    text: str
    title: str = ""
    rating: float | None = None
    answers: str = ""


def _at(hour: int, minute: int) -> int:
    return hour * 3600 + minute * 60 + 7


MARLOES = "Bij 2 graden haal ik met mijn Kade nog 48 km. In de winkel zeiden ze 120. Is dat normaal of is mijn accu stuk? @windmee"
CAST_POSTS: tuple[CastPost, ...] = (
    CastPost(1, _at(16, 30), "bluesky", "marloes.fietst", "Marloes de Groot", "nl", "winter", "?", MARLOES),
    CastPost(1, _at(17, 12), "bluesky", "tonnieopdepedalen", "Tonnie op de pedalen", "nl", "winter", "-", "Zelfde hier. En het staat nergens op de site.", answers=MARLOES),
    CastPost(1, _at(15, 2), "trustpilot", "pieterhoekstra", "Pieter Hoekstra", "nl", "wait", "-", "Al 19 dagen wachten op een monteur aan huis. Twee keer verzet, nul keer gebeld.", "Service aan huis?", 1.0),
    CastPost(1, _at(19, 48), "reddit", "dikewind", "dikewind", "en", "app", "?", "Is there a way to see the real battery percentage? Mine jumps from 30 to 12 as soon as it is cold. My Polder is from last year.", "Real battery percentage on the Polder?"),
    CastPost(9, _at(20, 15), "reddit", "dikewind", "dikewind", "en", "winter", "-", "Love my Polder, but it loses a third the moment it freezes. Just tell me that before I buy.", "Polder in the cold"),
    CastPost(1, _at(20, 20), "instagram", "aylin.k", "Aylin K.", "nl", "insurance", "?", "Mijn Gracht is vrijdag gestolen. Welke foto’s hebben jullie nodig voor de verzekering?"),
    CastPost(1, _at(14, 5), "mail", "inkoop@thuiszorgnoord.example", "Thuiszorg Noord", "nl", "lease", "?", "Goedemiddag,\n\nGraag een offerte voor 25 Polders voor onze wijkteams, liefst als lease.\n\nMet vriendelijke groet,\nThuiszorg Noord, inkoop", "Offerte 25 Polders"),
    CastPost(2, _at(11, 31), "bluesky", "sofiamarquez", "Sofia Marquez", "en", "shop", "+", "Shout-out to Fatima at the Utrecht shop: squeaky brake fixed in ten minutes, no charge. @windmee"),
    CastPost(2, _at(21, 3), "mastodon", "keesbrandsma", "Kees Brandsma", "nl", "app", "=", "Dank, ik stuur vanavond een foto van het display. @windmee_service"),
    CastPost(2, _at(12, 44), "trustpilot", "lottevermeer", "Lotte Vermeer", "nl", "weight", "-", "Fijne fiets, maar op de trap naar de kelder is 26 kilo echt te veel.", "Te zwaar voor de trap", 3.0),
    CastPost(266, _at(18, 40), "bluesky", "kaderijder038", "Kade-rijder uit Zwolle", "nl", "plug", "-", "Derde laadstekker in één jaar. De fiets is top, dat stekkertje niet."),
    CastPost(92, _at(10, 12), "bluesky", "kaderijder038", "Kade-rijder uit Zwolle", "nl", "plug", "+", "Bericht over de nieuwe laadstekker gekregen. Dat jullie dit nog wisten!"),
    CastPost(293, _at(9, 25), "mail", "marloes.degroot@post.example", "Marloes de Groot", "nl", "noise", "-", "Beste Windmee,\n\nHet stuur van mijn Kade rammelt sinds de laatste beurt. Kan iemand ernaar kijken?\n\nGroet,\nMarloes de Groot", "Stuur rammelt"),
    CastPost(377, _at(13, 55), "mail", "marloes.degroot@post.example", "Marloes de Groot", "nl", "order", "-", "Beste Windmee,\n\nIk kreeg de factuur van mijn Kade twee keer. Er is gelukkig maar één keer betaald, maar willen jullie het rechtzetten?\n\nGroet,\nMarloes de Groot", "Factuur dubbel"),
)  # fmt: skip
