"""Asking people how we did, noting what they say, and taking a case up again when it was bad."""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from openroads.archive.queries.cases import Collected
from openroads.connectors.answering import Draft
from openroads.connectors.plain import clean
from openroads.delivery.actions import queue_reply
from openroads.delivery.models import Delivery
from openroads.delivery.notices import language_of, notify
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.models import Person
from openroads.directory.people import system_person
from openroads.webcare import policy
from openroads.webcare.answerable import Way, way_of
from openroads.webcare.happening import Actor, Type, happened
from openroads.webcare.models import Case, Contact
from openroads.webcare.satisfaction import queries
from openroads.webcare.satisfaction.models import LONGEST_COMMENT, Survey, SurveySetting
from openroads.webcare.settling import settle
from openroads.webcare.words import last_word_of

ASK = "webcare.ask_satisfaction"
AT_ONCE = 100
LOW = 2
"""A score up to this opens the case again."""
MOST_CHANGES = 20
LONGEST_DELAY = 60 * 24 * 7
Why = Survey.Why


@transaction.atomic
def set_asking(
    *, by: Person, network: str, on: bool, also_public: bool, delay_minutes: int
) -> SurveySetting:
    """Ask on a network from now on, or no more. Raises ValidationError for a delay over a week, and for
    a network nobody can answer on from here."""
    directory_policy.require(by, policy.may_lead)
    if network not in queries.networks_to_ask():
        raise ValidationError(_("No account of yours answers there from here."))
    if not 0 <= delay_minutes <= LONGEST_DELAY:
        raise ValidationError(_("Ask within a week: later people have forgotten."))
    told = {"on": on, "also_public": also_public, "delay_minutes": delay_minutes}
    was = SurveySetting.objects.filter(network=network).first()
    if was is not None and all(getattr(was, name) == value for name, value in told.items()):
        return was
    now = timezone.now()
    since = (was.on_since if was is not None and was.on else now) if on else None
    setting, _made = SurveySetting.objects.update_or_create(
        network=network, defaults={**told, "on_since": since, "set_by": by, "set_at": now}
    )
    if on:
        trail.record(by, "let people be asked how we did", setting, network=network)
    else:
        trail.record(by, "stopped asking how we did", setting, network=network)
    return setting


# ---------------------------------------------------------------------------------------- asking
def ask_all(*, now: datetime | None = None) -> int:
    """Ask about every case whose time has come, and note which questions left. Gives how many were
    queued."""
    now = now or timezone.now()
    note_left()
    queued = 0
    for case, setting in queries.cases_to_ask(now, AT_ONCE):
        queued += ask(case=case, setting=setting, now=now).state == Survey.State.QUEUED
    return queued


def ask(*, case: Case, setting: SurveySetting, now: datetime) -> Survey:
    """Ask once about the cycle of a case, or write down why not."""
    last = last_word_of(case)  # the archive is asked before anything is locked
    with transaction.atomic():
        return _ask(case, setting, now, last)


def _ask(case: Case, setting: SurveySetting, now: datetime, last: Collected | None) -> Survey:
    contact = case.identity.contact
    for pk in sorted(queries.family_of(contact)):  # two cases of one person are not asked at once
        Contact.objects.select_for_update().get(pk=pk)
    known = Survey.objects.filter(case=case, cycle=case.cycle).first()
    if known is not None:
        return known
    language = "nl" if case.language == "nl" else "en"
    survey = Survey(case=case, cycle=case.cycle, contact=contact, at=now, language=language)
    way = way_of(case)
    why, private = _why_not(case, contact, setting, way, now)
    post = last if not why else None
    if not why and post is None:
        why = Why.GONE
    survey.private, survey.why = private, why
    survey.state = Survey.State.NOT_ASKED if why else Survey.State.QUEUED
    survey.save()
    if why or post is None or way.channel is None:
        return survey
    draft = Draft(
        key=f"survey-{survey.pk}", text=question(survey), private=private, to=post.author,
        reply_to=post.native_id, thread=post.thread_key, language=language,
        subject=_subject(language), references=(post.thread_key,),
    )  # fmt: skip
    try:
        with transaction.atomic():
            survey.delivery = queue_reply(
                by=system_person(), channel=way.channel, draft=draft, deed=f"survey {survey.pk}"
            )
    except ValidationError:
        survey.state, survey.why = Survey.State.NOT_ASKED, Why.CHANNEL
    survey.save(update_fields=["delivery", "state", "why"])
    return survey


def _why_not(
    case: Case, contact: Contact, setting: SurveySetting, way: Way, now: datetime
) -> tuple[str, bool]:
    """Why somebody is not asked (nothing: they are), and whether it is in private."""
    if case.identity.blocked_at is not None:
        return Why.BLOCKED, True
    if queries.was_asked_lately(contact, now):
        return Why.RECENTLY, True
    if way.channel is None or way.limits is None:
        return Why.CHANNEL, True
    closed = way.closes_at is not None and way.closes_at <= now
    if way.limits.private and not closed:
        return Why.NONE, True
    # A review has one answer of ours: a question would take its place.
    if case.kind == Case.Kind.PUBLIC and way.limits.public and setting.also_public:
        return Why.NONE, False
    return (Why.WINDOW if way.limits.private else Why.PUBLIC), True


def note_left() -> None:
    """Write down of questions on their way that they left, or that they did not."""
    waiting = Survey.objects.filter(state=Survey.State.QUEUED, delivery__isnull=False)
    done = (
        Delivery.State.SENT, Delivery.State.REFUSED, Delivery.State.NEEDS_A_LOOK,
        Delivery.State.RECALLED, Delivery.State.LEFT,
    )  # fmt: skip
    for survey in waiting.filter(delivery__state__in=done).select_related("case", "delivery"):
        assert survey.delivery is not None
        with transaction.atomic():
            left = survey.delivery.state == Delivery.State.SENT
            mine = Survey.objects.filter(pk=survey.pk, state=Survey.State.QUEUED)
            if not left and survey.score is None:
                mine.update(state=Survey.State.NOT_ASKED, why=Why.FAILED)
            elif mine.update(state=Survey.State.ASKED):
                happened(
                    survey.case, Type.SURVEYED, actor=Actor.HOUSE,
                    at=survey.delivery.sent_at or timezone.now(), cycle=survey.cycle,
                )  # fmt: skip


def question(survey: Survey) -> str:
    """The words of the question, in the language of the case."""
    url = f"{settings.OPENROADS.url.rstrip('/')}{reverse('webcare:score', args=[queries.token_of(survey)])}"
    with override(survey.language):
        return _("How did we do? One tap is enough: %(url)s") % {"url": url}


def _subject(language: str) -> str:
    with override(language):
        return _("How did we do?")


# ------------------------------------------------------------------------------------- answering
@transaction.atomic
def give_score(
    *, survey: Survey, score: int | None, comment: str = "", now: datetime | None = None
) -> Survey:
    """What somebody outside says of us; whoever holds the address may, until its time is over. The last
    score counts. A low one opens the case again, once.

    Raises ValidationError for no score, or one that is none, when the time is over, and when it was
    changed too often.
    """
    now = now or timezone.now()
    survey = Survey.objects.select_for_update(of=("self",)).select_related("case").get(pk=survey.pk)
    if not survey.can_be_answered(now):
        raise ValidationError(_("The time to answer this question is over."))
    given = score if score is not None else survey.score
    if given is None or not 1 <= given <= 5:
        raise ValidationError(_("Choose a score of 1 to 5."))
    said = clean(comment)[:LONGEST_COMMENT]
    if (given, said) == (survey.score, survey.comment):
        return survey
    if survey.given >= MOST_CHANGES:
        raise ValidationError(_("This answer was changed too often."))
    another = given != survey.score
    survey.score, survey.comment, survey.scored_at = given, said, now
    survey.given += 1
    survey.save(update_fields=["score", "comment", "scored_at", "given"])
    if another:
        happened(
            survey.case, Type.SCORED, actor=Actor.CUSTOMER, at=now, score=given, cycle=survey.cycle
        )
        if given <= LOW and survey.reopened_at is None:
            reopen(survey=survey, now=now)
    return survey


def reopen(*, survey: Survey, now: datetime) -> bool:
    """Take a case up again after a bad score: a task for who looked after it, no word that waits for an
    answer. False when it is open already."""
    pk = survey.case.merged_into_id or survey.case_id
    case = (
        Case.objects.select_for_update(of=("self",)).select_related("assignee", "team").get(pk=pk)
    )
    Survey.objects.filter(pk=survey.pk).update(reopened_at=now)
    if case.assignee is not None:
        _tell(case.assignee, case, survey)
    if case.is_open:
        return False
    case.cycle += 1
    case.state, case.closed_at, case.ending = Case.State.TODO, None, ""
    case.save()
    happened(case, Type.REOPENED, actor=Actor.HOUSE, at=now, score=survey.score)
    settle(case)
    return True


def _tell(person: Person, case: Case, survey: Survey) -> None:
    with override(language_of(person)):
        notify(
            to=person, deed=f"survey {survey.pk} scored low",
            title=_("%(code)s: they gave us %(score)s of 5") % {"code": case.code, "score": survey.score},
            url=reverse("webcare:case", args=[case.pk]),
        )  # fmt: skip


@transaction.atomic
def forget(*, contacts: Collection[int]) -> int:
    """Take away what these people wrote beside their scores; the scores stay, as figures. Returns of how
    many."""
    theirs = Survey.objects.filter(contact__in=list(contacts)).exclude(comment="")
    return theirs.update(comment="")
