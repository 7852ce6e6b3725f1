"""Says what kind of post it is: a question, a complaint, praise or something else, by rules in
Dutch and English.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass

from openroads.analysis import marks
from openroads.analysis.phrases import Phrases

QUESTION, COMPLAINT, PRAISE, OTHER = "question", "complaint", "praise", "other"

HEARTY = 0.4
"""From this tone on a post is praise without the words for it."""

ANGRY, FURIOUS = -0.5, -0.8
"""From these tones down a question mark is a reproach, and even a request is."""


@dataclass(frozen=True)
class Signs:
    """The words of one language that betray a kind."""

    bits: tuple[int, int, int, int]
    """The marks of texts that may hold a word that asks why, a request, a complaint, praise."""
    why: frozenset[str]
    asking: frozenset[str]
    requests: Phrases[None]
    complaints: Phrases[None]
    praise: Phrases[None]

    def marks(self) -> dict[str, int]:
        """The words that mark a text as worth looking through."""
        why, *rest = self.bits
        tables = zip((self.requests, self.complaints, self.praise), rest, strict=True)
        phrases = (marks.of_phrases(phrases, bit) for phrases, bit in tables)
        return marks.together(dict.fromkeys(self.why, why), *phrases)


def _phrases(text: str) -> Phrases[None]:
    return Phrases((phrase.strip(), None) for phrase in text.split(",") if phrase.strip())


DUTCH = Signs(
    bits=(marks.WHY_NL, marks.REQUEST_NL, marks.COMPLAINT_NL, marks.PRAISE_NL),
    why=frozenset({"waarom", "hoezo"}),
    asking=frozenset(
        "hoe wat waar wanneer wie welk welke hoeveel hoelang kan kun kunnen kunt mag "
        "mogen is zijn heeft hebben heb weet weten wil willen gaat gaan komt moet moeten "
        "werkt bestaat klopt zou zouden vraag vraagje".split()
    ),
    requests=_phrases(
        "weet iemand, iemand enig idee, enig idee, heeft iemand, kan iemand, kent iemand, iemand "
        "ervaring, iemand tips, kunnen jullie, kun je, kunt u, kan ik, kan je, mag ik, hoe kan "
        "ik, hoe kom ik, hoe lang, waar kan ik, waar vind ik, ik heb een vraag, heb een vraag, "
        "heb een vraagje, vraagje, ik vraag me af, vraag me af, ben benieuwd, graag hulp, hulp "
        "nodig, graag advies, graag informatie, kunnen jullie helpen, willen jullie, zou ik, "
        "zouden jullie, wil graag weten, graag weten, weten jullie, hebben jullie, is het "
        "mogelijk, is er een, wanneer komt, wat kost, hoeveel kost, tips gevraagd, gezocht, graag "
        "een reactie, graag reactie, laat me weten, iemand die weet"
    ),
    complaints=_phrases(
        "nog steeds niet, nog steeds geen, nog altijd niet, nog altijd geen, nog niets gehoord, "
        "niets gehoord, niks gehoord, geen reactie, geen antwoord, al weken, al maanden, al "
        "dagen, alweer, wéér, voor de zoveelste keer, zoveelste keer, klacht, klachten, geld "
        "terug, wanneer doen jullie, waar blijft, wat een, kan niet waar zijn, kan toch niet, "
        "werkt niet, werken niet, doet het niet, nooit meer, niet te bereiken, onbereikbaar, "
        "storing, kapot, ben er klaar mee, klaar mee, niet normaal, schandalig, belachelijk, "
        "opgelicht, wachtrij, in de wacht, niet geleverd, niet ontvangen, nooit aangekomen, "
        "geweigerd, vertraging, vertraagd, lukt niet"
    ),
    praise=_phrases(
        "bedankt, dank, dankjewel, dankje, dank je wel, dank u wel, compliment, complimenten, "
        "chapeau, hulde, petje af, top, toppers, super, geweldig, fantastisch, aanrader, blij "
        "mee, tevreden, heel blij, erg blij, goed geholpen, snel geholpen, netjes opgelost, "
        "keurig, klasse, perfect, goed bezig, niets dan lof, ga zo door, liefde voor"
    ),
)
ENGLISH = Signs(
    bits=(marks.WHY_EN, marks.REQUEST_EN, marks.COMPLAINT_EN, marks.PRAISE_EN),
    why=frozenset({"why", "wtf"}),
    asking=frozenset(
        "how what where when who which can could do does did is are will would "
        "should may any has have am was".split()
    ),
    requests=_phrases(
        "can you, can i, can u, could you, could i, can someone, can anyone, does anyone, do you "
        "know, do you have, do you offer, do you guys, does anybody, anyone know, anybody know, "
        "how do i, how can i, how long, how much, how many, where can i, where do i, is it "
        "possible, is there a, is there any, are there any, any chance, any way, need help, need "
        "some help, i need to, help please, please help, pls help, would like to know, i have a "
        "question, have a question, quick question, question about, wondering if, wondering how, "
        "what time, what is the, what's the, please advise, any update, any idea, any tips, "
        "looking for, let me know, please let me know, please dm, can we, may i, should i"
    ),
    complaints=_phrases(
        "still waiting, still no, still haven't, still not, no response, no reply, no answer, no "
        "one, nobody, on hold, hung up, never again, worst, refund, complaint, complain, "
        "unacceptable, ridiculous, waste of, doesn't work, not working, isn't working, won't "
        "work, broken, delayed, cancelled, canceled, lost my, ruined, stranded, stuck, rude, "
        "can't get through, cannot get through, fix your, get it together, what a joke, shame on, "
        "disappointed, overcharged"
    ),
    praise=_phrases(
        "thank you, thanks, thank u, thx, kudos, shout out, shoutout, props to, well done, great "
        "job, good job, awesome, amazing, love, loved, best, excellent, appreciate, fantastic, "
        "you rock, you guys rock, impressed, wonderful, outstanding, great service, great flight, "
        "great experience, keep up"
    ),
)
SIGNS = {"nl": DUTCH, "en": ENGLISH}
MARKS = marks.together(DUTCH.marks(), ENGLISH.marks())
SENTENCE_ENDS = frozenset(".!?\n…")


def kind(tokens: Sequence[str], present: Set[str], language: str, mood: int, tone: float) -> str:
    """ "question", "complaint", "praise" or "other" for the tokens of one post, given its mood
    and tone; `present` is the set of the tokens. See `kind_marked`.
    """
    marked = marks.perhaps(present, MARKS)
    return kind_marked(tokens, marked, range(len(tokens)), language, mood, tone)


def kind_marked(
    tokens: Sequence[str],
    marked: int,
    places: Sequence[int],
    language: str,
    mood: int,
    tone: float,
) -> str:
    """The kind of a post, given what its tokens are `marked` with together, and the places where a
    phrase may begin.

    Kind and mood are separate: a polite question about something that broke is still a question.
    "Why ...?" is a complaint unless it is friendly. A request counts without a question mark.
    Languages without rules know only questions, by their mark.
    """
    asked = bool(marked & marks.ASKED)
    signs = SIGNS.get(language)
    if signs is None:
        return QUESTION if asked else OTHER
    why, may_request, may_complain, may_praise = (marked & bit for bit in signs.bits)
    request = bool(may_request) and bool(signs.requests.find(tokens, places))
    grievance = bool(may_complain) and bool(signs.complaints.find(tokens, places))
    if asked and why and mood <= 0:
        return COMPLAINT
    if asked and (request or _asks(tokens, signs.asking)):
        return COMPLAINT if tone <= (FURIOUS if request else ANGRY) else QUESTION
    if request and not grievance and mood >= 0 and not asked:
        return (
            PRAISE
            if tone >= HEARTY and may_praise and signs.praise.find(tokens, places)
            else QUESTION
        )
    if mood < 0 or (grievance and mood <= 0):
        return COMPLAINT
    if asked and mood <= 0:
        return QUESTION
    if mood > 0 and (tone >= HEARTY or (may_praise and signs.praise.find(tokens, places))):
        return QUESTION if asked and tone < HEARTY else PRAISE
    return QUESTION if asked else OTHER


def _asks(tokens: Sequence[str], asking: Set[str]) -> bool:
    """Whether a sentence that ends in a question mark opens with a word that asks (greetings and
    names before it allowed).
    """
    opening = True
    seen = asks = False
    for token in tokens:
        if token[0] in SENTENCE_ENDS:
            if "?" in token and asks:
                return True
            opening, seen, asks = True, False, False
        elif opening and token[0].isalpha():
            asks = asks or token in asking
            opening = not asks and not seen
            seen = True
        elif token[0] == ",":
            opening = True
    return False
