"""Five minutes of reading: posts drawn at random, one at a time, before anybody sees what the machine said."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from openroads.directory.models import Person
from openroads.listening.labels import policy, queries
from openroads.listening.labels.actions.auditing import draw_last_days
from openroads.listening.labels.actions.labelling import label_post, undo_label
from openroads.listening.labels.forms import DrawForm, PlaceForm, SayForm
from openroads.listening.labels.models import Aspect, AuditItem, Label
from openroads.listening.labels.turns import turn_of
from openroads.listening.topics.queries import topics_for
from openroads.listening.topics.said import own_labels
from openroads.listening.topics.saying import say_topic, undo_topics
from openroads.ui.formats import number

LEFT = "labels.left"
MOST_LEFT = 200


def _reader(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    if not policy.may_label(request.user):
        raise PermissionDenied
    return request.user


@require_http_methods(["GET", "HEAD", "POST"])
def read(request: HttpRequest) -> HttpResponse:
    """The next post to read; a POST says what the last one was, leaves it, or takes it back."""
    person = _reader(request)
    told = request.POST if request.method == "POST" else request.GET
    aspect = told.get("aspect", "")
    if aspect not in Aspect.values:
        aspect = Aspect.TONE.value
    last: Label | None = None
    if request.method == "POST":
        try:
            last = _answered(request, person)
        except ValidationError as problem:
            messages.error(request, " ".join(problem.messages))
        if not request.headers.get("HX-Request"):
            query = f"?aspect={aspect}" + (f"&last={last.pk}" if last else "")
            return redirect(reverse("labels:read") + query)
    elif request.GET.get("last", "").isdigit():
        found = queries.label_for(person, int(request.GET["last"]))
        last = found if found and found.by_id == person.pk and not found.undone_at else None
    turn = turn_of(
        person,
        aspect,
        leave=request.session.get(LEFT, []),
        last=last,
        is_placing="topic" in request.POST,
    )
    context = {"turn": turn, "form": DrawForm(), "aspects": Aspect.values}
    swapped = request.headers.get("HX-Request") and request.method == "POST"
    return render(request, "listening/labels/_turn.html" if swapped else "listening/labels/read.html", context)  # fmt: skip


def _answered(request: HttpRequest, person: Person) -> Label | None:
    """Do what was asked; the label given, when one was."""
    if (number_of := request.POST.get("undo", "")).isdigit():
        label = queries.label_for(person, int(number_of))
        if label is not None and label.by_id == person.pk:
            undo_label(by=person, label=label)
        return None
    number_of = request.POST.get("item", "")
    item = queries.item_for(person, int(number_of)) if number_of.isdigit() else None
    if item is None:
        raise Http404
    if "leave" in request.POST:
        request.session[LEFT] = [*request.session.get(LEFT, []), item.pk][-MOST_LEFT:]
        return None
    if "topic" in request.POST:
        _place(request, person, item)
        return None
    form = SayForm(request.POST)
    if not form.is_valid() or not form.cleaned_data["answer"][0]:
        raise ValidationError(_("This is not one of the answers."))
    aspect, value = form.cleaned_data["answer"]
    return label_post(
        by=person, post=item.post, published_at=item.published_at, aspect=aspect, value=value,
        item=item,
    )  # fmt: skip


def _place(request: HttpRequest, person: Person, item: AuditItem) -> None:
    """Put the post in a topic, or take that back; the post stays before its reader."""
    form = PlaceForm({"says": request.POST["topic"]})
    if not form.is_valid() or form.cleaned_data["answer"] is None:
        raise ValidationError(_("This is not one of the answers."))
    number_of, belongs = form.cleaned_data["answer"]
    topic = get_object_or_404(topics_for(person), pk=number_of)
    if belongs:
        say_topic(by=person, topic=topic, post=item.post, published_at=item.published_at, belongs=True)  # fmt: skip
    else:
        undo_topics(by=person, labels=own_labels(person, topic.pk, item.post))


@require_POST
def draw(request: HttpRequest) -> HttpResponse:
    """Draw a random sample of the last days there are."""
    person, form = _reader(request), DrawForm(request.POST)
    if not policy.may_teach(person):
        raise PermissionDenied
    if form.is_valid():
        sample = draw_last_days(by=person, **form.cleaned_data)
        posts = sample.items.count() if sample is not None else 0
        if posts:
            said = ngettext("%(n)s post drawn at random", "%(n)s posts drawn at random", posts)
            messages.success(request, said % {"n": number(posts)})
        else:
            messages.error(request, _("Nothing was said in those days."))
    return redirect("labels:read")
