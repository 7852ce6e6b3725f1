"""How Windmee answers: its help centre, saved replies and approaches, what was used, and what colleagues are asked."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from django.db import transaction
from django.utils import timezone, translation

from openroads.demo import people
from openroads.demo.articles import ARTICLES
from openroads.directory.models import Department, Person
from openroads.webcare.approach.actions import answering, asking, rows
from openroads.webcare.approach.matching import best_of
from openroads.webcare.approach.models import CaseApproach, ColleagueQuestion
from openroads.webcare.approach.queries import in_force
from openroads.webcare.help import actions, settling
from openroads.webcare.help.finding import asked_words
from openroads.webcare.help.models import Article, ArticleFeedback, ArticleVersion, FindableText
from openroads.webcare.help.queries import best, newest
from openroads.webcare.models import Case, Message
from openroads.webcare.saved.actions import approve_reply, propose_reply
from openroads.webcare.saved.queries import in_use
from openroads.webcare.words import last_words_of


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """A saved reply: its last day is so many days from now; `waits`: nobody approved it yet."""

    code: str
    title: str
    text: str
    ends: int = 300
    language: str = "nl"
    waits: bool = False


REPLIES = (
    ReplyRow("accu", "Accu gratis nakijken", "Hoi {name}, dat is minder dan we beloven. Loop met {product} een winkel binnen, dan kijken we de accu gratis na; het duurt een kwartier. Noem {case}, dan weten ze ervan. Groet, {our_name}"),
    ReplyRow("winter", "Minder bereik in de kou", "Hoi {name}, bij kou geeft een accu ongeveer een kwart minder. Bewaar en laad hem binnen, dan scheelt dat veel. Wordt het minder dan de helft, laat het ons dan weten. Groet, {our_name}", 12),
    ReplyRow("stekker", "Nieuwe stekker voor de lader", "Hoi {name}, vervelend. Je krijgt van ons een nieuwe stekker, gratis. Stuur ons in een privébericht het nummer dat op de lader staat. Gebruik de oude niet meer. Groet, {our_name}"),
    ReplyRow("app", "De app vindt de fiets niet", "Hoi {name}, dat gebeurt soms na een update. Verwijder {product} in de app en in bluetooth, zet de fiets tien seconden uit, en voeg hem opnieuw toe. Lukt het dan nog niet, dan helpen we je verder. Groet, {our_name}"),
    ReplyRow("dm", "Vraag om een privébericht", "Hoi {name}, dat zoeken we graag uit. Stuur je ons in een privébericht je bestelnummer? Noem {case}. Groet, {our_name}"),
    ReplyRow("levering", "Levering duurt langer", "Hoi {name}, sorry dat je moet wachten. Stuur je bestelnummer in een privébericht, dan zeggen we je vandaag nog op welke dag {product} komt. Groet, {our_name}"),
    ReplyRow("dank", "Dank voor een compliment", "Wat fijn om te lezen, {name}! We laten het lezen aan wie {product} bouwt. Groet, {our_name}"),
    ReplyRow("gestolen", "Fiets gestolen", "Hoi {name}, wat naar. Zet hem in de app op gestolen en doe aangifte; stuur ons daarna in een privébericht het nummer van de aangifte, dan zoeken we mee. Ga er zelf niet achteraan. Groet, {our_name}"),
    ReplyRow("battery", "Battery checked for free", "Hi {name}, that is less than we promise. Walk into a shop with {product} and we check the battery for free; it takes a quarter of an hour. Mention {case}. Regards, {our_name}", language="en"),
    ReplyRow("dm", "Ask for a private message", "Hi {name}, we are glad to look into it. Could you send us your order number in a private message? Mention {case}. Regards, {our_name}", language="en"),
    ReplyRow("lease", "Lease: prijs per maand", "Hoi {name}, het bedrag op de site is per maand, onderhoud en verzekering inbegrepen. Wil je liever kopen, dan staat die prijs eronder. Groet, {our_name}", 40),
    ReplyRow("pers", "Verwijzen naar de persdienst", "Dag {name}, voor vragen van de pers belt u onze persdienst; die is ook ’s avonds bereikbaar. Groet, {our_name}", waits=True),
)  # fmt: skip

REPLY_TO = {
    "Bereik valt tegen": "accu", "Lader of stekker stuk": "stekker", "App of fiets doet het niet": "app",
    "Foutcode of storing": "dm", "Levering te laat": "levering", "Gestolen fiets": "gestolen",
    "Prijs en lease": "lease", "Compliment": "dank",
}  # fmt: skip
"""Which saved reply an agent begins with, by the approach of a case; in English where there is one."""
ENGLISH = {"accu": "battery", "dm": "dm"}

APPROACHES = (
    ("Bereik valt tegen", "rijders", "Service", "webcare", "", "accu, bereik, winter, actieradius, graden, battery, range, cold", "rustig, met getallen", "Vraag welke fiets en hoe koud het was\nStuur FAQ 1\nMinder dan de helft: gratis accutest aanbieden", "Beloof geen aantal kilometers.", 120),
    ("Lader of stekker stuk", "rijders", "Service", "webcare", "", "lader, stekker, oplader, charger, plug", "kort, sorry eerst", "Waarschuw de stekker niet meer te gebruiken\nVraag het nummer op de lader in privé\nBestel de nieuwe dezelfde dag", "Zeg nooit dat iemand hem verkeerd gebruikte. Brand of letsel: meteen naar PR en Legal.", 60),
    ("App of fiets doet het niet", "rijders", "IT", "app-team", "", "app, bluetooth, verbinding, update, connect", "stap voor stap", "Stuur FAQ 17\nBlijft het: vraag telefoon en versie, dan naar het app-team", "", 240),
    ("Foutcode of storing", "rijders", "Service", "monteurs", "", "foutcode, storing, E04, E21, error, motor, uitgevallen", "rustig", "Vraag de code\nStuur FAQ 10 of 11\nAnders: afspraak aan huis", "", 240),
    ("Levering te laat", "rijders", "Sales", "orders", "complaint", "levering, levertijd, bestelling, wachten, delivery, order", "sorry eerst, dan een dag", "Vraag het bestelnummer in privé\nVraag Sales naar de dag\nVier weken te laat: wijs op kosteloos afzien", "Na vier weken mag de koper af van de koop; zeg dat erbij.", 120),
    ("Gestolen fiets", "rijders", "Service", "webcare", "", "gestolen, diefstal, stolen, theft", "meelevend", "Stuur FAQ 6\nZet de zender aan na aangifte", "Deel nooit een plaats in het openbaar.", 30),
    ("Prijs en lease", "rijders", "Sales", "binnendienst", "question", "lease, leasen, prijs, werkgever, price, employer", "zakelijk", "Stuur FAQ 12\nRekenvoorbeeld in privé", "Noem geen belastingvoordeel in euro’s.", 480),
    ("Compliment", "rijders", "Marketing", "webcare", "praise", "", "blij, in eigen woorden", "Bedank\nStuur het door naar wie het gemaakt heeft", "", 1440),
    ("Vraag van de pers", "journalisten", "PR", "persdienst", "", "journalist, krant, interview, redactie, persbericht", "formeel", "Antwoord niet op de inhoud\nGeef over aan het PR-bureau", "Alleen PR spreekt met de pers.", 30),
    ("Onveilig of ongeluk", "iedereen", "PR", "persdienst met Product", "", "ongeluk, brand, gewond, gevaarlijk, accident, fire, injured", "ernstig, zonder uitleg", "Vraag of iedereen in orde is\nBel PR en Product\nNiets beloven, niets ontkennen", "Meldplicht aan de NVWA binnen 24 uur: Product beslist.", 15),
)  # fmt: skip

READER_WORDS = (
    "Duidelijk, dank je.", "En hoe zit dat met de Polder?", "Helped, thanks!", "Het werkte pas na de tweede keer.",
    "Ik had dit liever in de app gezien.", "How do I know which charger I have?",
)  # fmt: skip


def fill_answers(today: date, *, seed: int = 11) -> tuple[int, int, int]:
    """Make how Windmee answers, on the cases that are there; returns how many articles, saved replies and
    approaches."""
    rng = Random(seed)  # noqa: S311 (a demo must come out the same)
    daan, noor = _person(people.DAAN), _person(people.NOOR)
    with translation.override("nl"):
        _write_articles(daan, noor, today)
        _save_replies(daan, noor, today)
        _keep_approaches(noor)
        _place_and_use(rng)
        _readers_say(rng)
        _ask_colleagues(daan)
    return len(ARTICLES), len(REPLIES), len(APPROACHES)


@transaction.atomic
def _write_articles(daan: Person, noor: Person, today: date) -> None:
    for row in ARTICLES:
        article = actions.write_article(
            by=daan, language="nl", title=row.title_nl, body=row.body_nl, words=row.words
        )
        if row.title_en:
            actions.write_version(
                by=noor, article=article, language="en", title=row.title_en, body=row.body_en
            )
        if row.state == "public":
            actions.publish_article(by=noor, article=article)
        day = today - timedelta(days=row.checked)
        Article.objects.filter(pk=article.pk).update(checked_on=day, checked_by=noor)
        moment = timezone.now() - timedelta(days=row.checked)
        ArticleVersion.objects.filter(article=article).update(at=moment)


@transaction.atomic
def _save_replies(daan: Person, noor: Person, today: date) -> None:
    for row in REPLIES:
        reply = propose_reply(
            by=daan, title=row.title, code=row.code, language=row.language, text=row.text,
            expires_on=max(today, timezone.localdate()) + timedelta(days=row.ends),
        )  # fmt: skip
        if not row.waits:
            approve_reply(by=noor, reply=reply)


@transaction.atomic
def _keep_approaches(noor: Person) -> None:
    departments = {one.name: one for one in Department.objects.all()}
    for name, whom, department, role, intent, words, tone, steps, legal, minutes in APPROACHES:
        told = {
            "name": name, "people": whom, "department": departments.get(department), "role": role,
            "intent": intent, "words": words, "tone": tone, "steps": steps, "legal": legal, "minutes": minutes,
        }  # fmt: skip
        rows.add_approach(by=noor, told=told)


@transaction.atomic
def _place_and_use(rng: Random) -> None:
    """Place the cases that are there, and say of half the answers with which article they were made, and
    of some with which saved reply."""
    cases = list(Case.objects.filter(merged_into=None).select_related("identity"))
    words = last_words_of(cases)
    known, made = list(in_force()), list[CaseApproach]()
    for case in cases:
        said = words[case.pk].text if case.pk in words else ""
        approach = best_of(known, said, case.language, case.intent) if said else None
        if approach is not None:
            made.append(CaseApproach(case=case, approach=approach, at=case.opened_at))
    CaseApproach.objects.bulk_create(made, ignore_conflicts=True)
    about = {one.case_id: one.approach.name for one in made}
    replies = {(one.code, one.language): one.pk for one in in_use()}
    texts = FindableText.objects.filter(article__state=Article.State.PUBLIC)
    ours = Message.objects.filter(case__in=cases, kind=Message.Kind.OURS).select_related("case")
    for message in ours.order_by("pk"):
        if message.case_id not in words or rng.random() < 0.4:
            continue
        tongue = "nl" if message.case.language == "nl" else "en"
        found = best(
            texts.filter(language=tongue), asked_words(words[message.case_id].text, tongue), 1
        )
        helped = [
            f"article {row.article.number}" for row, _rank in found if row.article is not None
        ]
        code = REPLY_TO.get(about.get(message.case_id, ""), "")
        reply = replies.get((ENGLISH.get(code, "") if tongue == "en" else code, tongue))
        if reply is not None and rng.random() < 0.5:
            helped.append(f"reply {reply}")
        if helped:
            message.helped_by = helped
            message.save(update_fields=["helped_by"])
            settling.note_uses(message=message)
    settling.settle_uses(now=timezone.now())


@transaction.atomic
def _readers_say(rng: Random) -> None:
    for article in Article.objects.filter(state=Article.State.PUBLIC).prefetch_related("versions"):
        versions = list(newest(article).values())
        for number in range(rng.randrange(2, 30)):
            ArticleFeedback.objects.create(
                article=article, version=rng.choice(versions), helped=rng.random() < 0.8,
                words=rng.choice(READER_WORDS) if rng.random() < 0.1 else "",
                slip=f"demo {article.number} {number}", at=timezone.now() - timedelta(days=rng.randrange(90)),
            )  # fmt: skip


@transaction.atomic
def _ask_colleagues(daan: Person) -> None:
    """One colleague answered, one still has time, one is late."""
    today = timezone.localdate()
    plans = (
        (people.TOM, "Lader of stekker stuk", "Vanaf welk serienummer heeft de lader de nieuwe stekker? Een rijder twijfelt.", 2, 1),
        (people.ADA, "App of fiets doet het niet", "Is er vanochtend een update van de app uitgegaan? Drie rijders zijn hun fiets kwijt in de app.", 1, 0),
        (people.OMAR, "Levering te laat", "Mogen we bij vier weken te laat ook de proefrit vergoeden?", -2, 4),
    )  # fmt: skip
    for whom, about, words, left, ago in plans:
        case = _case_about(about)
        if case is None:
            continue
        question = asking.ask_colleague(
            by=daan, case=case, words=words, due_on=today, to=_person(whom)
        )
        moment = timezone.now() - timedelta(days=ago, hours=2)
        ColleagueQuestion.objects.filter(pk=question.pk).update(
            asked_at=moment, due_on=today + timedelta(days=left)
        )
        if whom is people.TOM:
            answering.answer_question(question=question, text="Vanaf KL-25-03. Alles daarvoor mag gratis omgeruild.", how="link")  # fmt: skip


def _case_about(approach: str) -> Case | None:
    """A case to do about this, that no colleague was asked about; any such case where none is."""
    todo = Case.objects.filter(state=Case.State.TODO, questions=None).order_by("pk")
    about = CaseApproach.objects.filter(approach__name=approach).values("case")
    return todo.filter(pk__in=about).first() or todo.first()


def _person(row: people.PersonRow) -> Person:
    return Person.objects.get(email=row.email)
