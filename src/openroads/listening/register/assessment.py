"""A data protection impact assessment (article 35 of the GDPR), prefilled from the register and from what the house
does by itself. What only the company can say is a hole with a name."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from openroads.directory.company import Company
from openroads.listening.keeping.forms import months_words
from openroads.listening.keeping.models import Keeping
from openroads.listening.keeping.queries import kept_elsewhere
from openroads.listening.models import Controller, Source
from openroads.listening.register.queries import Registered
from openroads.listening.register.words import security_words, stored_words
from openroads.ui.formats import listed, number


@dataclass(frozen=True)
class Said:
    """A line: prefilled words, or a hole that names what the company is to say."""

    words: str
    is_hole: bool = False


@dataclass(frozen=True)
class Fact:
    """A name and what is said of it."""

    name: str
    said: Sequence[Said]


@dataclass(frozen=True)
class Risk:
    """What may go wrong for people, and what already stands against it. How likely and how grave is for
    the company to say, and what remains."""

    name: str
    what: str
    measures: str


@dataclass(frozen=True)
class Assessment:
    """The whole of it, in the reader's language."""

    company: str
    description: Sequence[Fact]
    sources: Sequence[Registered]
    need: Sequence[Fact]
    risks: Sequence[Risk]
    measures: Sequence[Said]
    consulted: Sequence[Fact]

    @property
    def holes(self) -> int:
        """What is still to be said: the named holes, and three of every risk."""
        facts = (*self.description, *self.need, *self.consulted)
        lines = [line for fact in facts for line in fact.said] + list(self.measures)
        return sum(line.is_hole for line in lines) + 3 * len(self.risks)


def assessment(
    rows: Sequence[Registered],
    controller: Controller,
    company: Company | None,
    house: Keeping,
    posts: int,
) -> Assessment:
    """What is known of it now. `posts`: how many are held."""
    listened = [row for row in rows if row.is_personal and row.is_active]
    return Assessment(
        company.name if company else "",
        _description(listened, controller, company, posts),
        listened,
        _need(listened),
        _risks(),
        [*(Said(line) for line in security_words(controller)), *_own_measures(listened, house)],
        _consulted(controller),
    )


def _hole(words: str) -> list[Said]:
    return [Said(words, True)]


def _or_hole(words: str, otherwise: str) -> list[Said]:
    return [Said(words)] if words.strip() else _hole(otherwise)


def _each(values: list[str]) -> list[Said]:
    """Different ones, each once."""
    return [Said(value) for value in dict.fromkeys(values)]


def _description(
    rows: Sequence[Registered], controller: Controller, company: Company | None, posts: int
) -> list[Fact]:
    return [
        Fact(_("Controller"), _or_hole(
            ", ".join(part for part in (company.name if company else "", controller.address) if part),
            _("name and address of the company"))),
        Fact(_("Contact"), _or_hole(controller.contact, _("mail address for privacy"))),
        Fact(_("What is done"), [Said(_(
            "Public posts about the company, its market and its products are collected, read by a machine for language, "
            "tone, kind and topic, counted, and shown to colleagues, who answer and improve what people complain of."))]),
        Fact(_("How much"), [Said(_("%(posts)s posts are held now, from %(sources)s sources that are listened to.") % {
            "posts": number(posts), "sources": number(len(rows))})]),
        Fact(_("Whose data"), _each([row.people for row in rows]) or _hole(_("whose data it is"))),
        Fact(_("Which data"), _each([row.kinds for row in rows]) or _hole(_("which data"))),
        Fact(_("Special categories"), _hole(_(
            "whether health, belief, politics, orientation or criminal offences can be expected in what people write about you, "
            "and why you may hold it (articles 9 and 10)"))),
        Fact(_("Who receives it"), _each([row.recipients for row in rows]) or _hole(_("who receives it"))),
        Fact(_("Where it is stored"), [Said(stored_words(controller))]),
        Fact(_("Processors and transfers outside the EU"), _or_hole(controller.processors, _(
            "processors and transfers outside the EU, or that there are none"))),
    ]  # fmt: skip


def _need(rows: Sequence[Registered]) -> list[Fact]:
    """Necessity and proportionality: what the register weighs per source, and what the house leaves out."""
    facts = [
        Fact(_("Less would not do"), [
            Said(_("Only what fits a search, an address or an account that somebody chose with a purpose is collected, not all that is said.")),
            Said(_("Closed groups, private profiles and private messages between people are not read. Mail is read in a mailbox that the company points out itself.")),
            Said(_("Figures are of words, topics and periods. No profile of a person is made across networks; who received the most replies is told by pseudonym.")),
            *_hole(_("why asking people (a survey, a panel) would not do as well with less")),
        ]),
        Fact(_("Rights of the people"), [Said(_(
            "A public notice says what is collected, why and for how long. There people object, ask to be erased or ask what is held, without "
            "an account; a clock of a month runs, and a refusal needs a reason."))]),
    ]  # fmt: skip
    facts += [Fact(row.source.name, _weighed(row)) for row in rows]
    if brought := [row.source.name for row in rows if row.source.kind in (Source.Kind.FILE, Source.Kind.PUSH)]:  # fmt: skip
        facts.append(
            Fact(_("What is brought in"), _hole(_(
                "of %(sources)s: where it was collected, by whom, and whether people could expect it to come here"
            ) % {"sources": listed(brought)}))
        )  # fmt: skip
    return facts


def _weighed(row: Registered) -> list[Said]:
    if row.holes:
        return [Said(_("Ground: %(ground)s.") % {"ground": row.basis}), *(Said(hole, True) for hole in row.holes)]  # fmt: skip
    said = [_("Ground: %(ground)s.") % {"ground": row.basis}]
    if row.entry:
        said += [part for part in (row.entry.interest, row.entry.necessity, row.entry.balance) if part.strip()]  # fmt: skip
    return [Said(part) for part in said]


def _risks() -> list[Risk]:
    return [
        Risk(_("People do not expect it"),
             _("Who writes in public need not expect that a company collects and keeps it."),
             _("A public notice with an objection form; public posts only; the purpose is told per source.")),
        Risk(_("Somebody is recognised"),
             _("A colleague, or who gets a file, sees who wrote, also by the words themselves."),
             _("Pseudonyms by a secret key for all but those who answer; handles, mail addresses and links masked in texts; numbers instead of authors in files; files that are taken and sight that is given stand in the trail.")),
        Risk(_("Somebody is followed"),
             _("Posts of one person over time become a file about that person."),
             _("No profile across networks; a pseudonym cannot be turned back; sight of names by name, for a reason, until a day.")),
        Risk(_("Delicate words"),
             _("People write about their health, belief or politics, or about others and about children."),
             _("No labels of such kinds are made; what is not needed can be erased by author; closed groups are not read.")),
        Risk(_("A machine reads wrongly"),
             _("Tone or topic is wrong, and a decision rests on it."),
             _("How often the reading is right is measured and shown; people correct it; figures have intervals; nothing is decided about a person by machine.")),
        Risk(_("Kept too long"),
             _("What somebody deleted, or what has served its purpose, is still here."),
             _("Retention per source, carried out every night; what platforms delete is to go within 24 hours, and what took longer is counted; erasure in every copy.")),
        Risk(_("It leaks"),
             _("Somebody without right gets at the archive, a backup, a file or a key."),
             _("Roles, a second step at signing in for who sets it, encrypted keys, a trail; files stand for a day and are for who asked; machines of your own.")),
        Risk(_("People fall silent"),
             _("Who knows that is listened writes less freely."),
             _("The public notice says it openly; figures are of topics, and who wrote is hidden from all but those who answer.")),
    ]  # fmt: skip


def _own_measures(rows: Sequence[Registered], house: Keeping) -> list[Said]:
    said = [
        Said(_("Closed groups and private profiles are not read.")),
        Said(_("No profile of a person is made across networks, and nothing is decided about a person by machine.")),
        Said(_("What platforms delete is to be gone here within 24 hours; the register counts what took longer.")),
        Said(_("Kept: %(months)s, where a source says nothing else.") % {"months": months_words(house.months)}),
        *(
            Said(_("%(what)s: %(months)s.") % {"what": other.kept.label, "months": months_words(other.months)})
            for other in kept_elsewhere()
        ),
    ]  # fmt: skip
    if for_good := [row.source.name for row in rows if not row.months]:
        said.append(Said(_("how long posts of %(sources)s are kept: now for good") % {"sources": listed(for_good)}, True))  # fmt: skip
    said.append(Said(_("what you do besides: training, agreements with processors, who may sign in from where"), True))  # fmt: skip
    return said


def _consulted(controller: Controller) -> list[Fact]:
    officer = controller.officer.strip()
    return [
        Fact(_("Data protection officer"), [
            *([Said(officer)] if officer else []), *_hole(_("what the officer advised, and what you did with it")),
        ]),
        Fact(_("The people themselves"), _hole(_("who was asked (customers, a panel, employees), or why nobody was (article 35(9))"))),
        Fact(_("The authority"), _hole(_("whether a high risk remains; then ask the authority first (article 36)"))),
        Fact(_("Decision"), _hole(_("who decided what, and on which day"))),
        Fact(_("Looked at again"), _hole(_("the day, and at the latest when a source or a purpose changes"))),
    ]  # fmt: skip
