"""Pages of where conversations come from: feeds, the company's site, its own texts."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openroads.connectors.failures import Refused
from openroads.directory.models import Person
from openroads.listening import policy, queries
from openroads.listening.actions import sources as actions
from openroads.listening.actions import texts as text_actions
from openroads.listening.ear.actions import call_filled
from openroads.listening.ear.page import ear_row, ears_finding
from openroads.listening.ear.queries import silences_of, spells_of, visits_of
from openroads.listening.ear.state import ear_of, ears_for
from openroads.listening.forms.following import FeedForm, SiteForm, TextsForm
from openroads.listening.models import Source
from openroads.listening.pushed.queries import hooked_kinds
from openroads.listening.register.forms import grounds_of, without_grounds
from openroads.listening.register.queries import entry_for
from openroads.listening.saying import line_of, translated
from openroads.listening.source_forms import SourceForm


def _reader(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    if not policy.may_read_conversations(request.user):
        raise PermissionDenied
    return request.user


def _keeper(request: HttpRequest) -> Person:
    person = _reader(request)
    if not policy.may_keep_sources(person):
        raise PermissionDenied
    return person


@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """The state of the ear: every way in, what is worst first."""
    person = _reader(request)
    ears = ears_for(person, timezone.now())
    context = {
        "finding": ears_finding(ears),
        "rows": [ear_row(ear) for ear in ears],
        "may_keep": policy.may_keep_sources(person),
    }
    return render(request, "listening/sources.html", context)


@require_safe
def source(request: HttpRequest, source_id: int) -> HttpResponse:
    """One source: how it is heard, its last visits, what the register says of it, its holes."""
    person = _reader(request)
    found = get_object_or_404(queries.sources_for(person), pk=source_id)
    context = {
        "row": ear_row(ear_of(found, timezone.now())),
        "source": found,
        "entry": entry_for(person, found),
        "visits": visits_of(found),
        "spells": spells_of(found),
        "silences": silences_of(found),
        "may_keep": policy.may_keep_sources(person),
        "is_hooked": found.kind == Source.Kind.NETWORK and found.network in hooked_kinds(),
    }
    return render(request, "listening/source.html", context)


@require_POST
def filled(request: HttpRequest, source_id: int, spell_id: int) -> HttpResponse:
    """What was missing is here, or nothing was."""
    person = _keeper(request)
    found = get_object_or_404(queries.sources_for(person), pk=source_id)
    spell = get_object_or_404(spells_of(found), pk=spell_id)
    call_filled(by=person, spell=spell)
    return redirect("listening:source", found.pk)


@require_http_methods(["GET", "POST"])
def add_feed(request: HttpRequest) -> HttpResponse:
    """Follow a feed."""
    person = _keeper(request)
    form = FeedForm(request.POST or None, by=person)
    if request.method == "POST" and form.is_valid():
        source = actions.follow_feed(
            by=person, grounds=grounds_of(form), **without_grounds(form.cleaned_data)
        )
        messages.success(request, _("%(name)s is being read; it comes back every hour.") % {"name": source.name})  # fmt: skip
        return redirect("listening:sources")
    context = {"form": form, "title": _("Follow a feed"), "deed": _("Follow this feed")}
    return render(request, "listening/add.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def add_site(request: HttpRequest) -> HttpResponse:
    """Read the brand's own site."""
    person = _keeper(request)
    form = SiteForm(request.POST or None, by=person)
    if request.method == "POST" and form.is_valid():
        source = actions.read_site(
            by=person, grounds=grounds_of(form), **without_grounds(form.cleaned_data)
        )
        messages.success(request, _("%(name)s is being read, page by page; this takes some minutes.") % {"name": source.name})  # fmt: skip
        return redirect("listening:sources")
    context = {"form": form, "title": _("Read our own website"), "deed": _("Read this site")}
    return render(request, "listening/add.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def describe(request: HttpRequest, source_id: int) -> HttpResponse:
    """Call a source otherwise, or say why it is read."""
    person = _keeper(request)
    source = get_object_or_404(queries.sources_for(person), pk=source_id)
    now = {"name": source.name, "purpose": source.purpose, "expires_on": source.expires_on}
    form = SourceForm(request.POST or None, initial=now, has_key=bool(source.secrets))
    if request.method == "POST" and form.is_valid():
        actions.describe_source(by=person, source=source, **form.cleaned_data)
        return redirect("listening:source", source.pk)
    context = {
        "form": form,
        "title": _("Name and purpose of %(name)s") % {"name": source.name},
        "deed": _("Keep it"),
    }
    return render(request, "listening/add.html", context, status=400 if form.errors else 200)


@require_POST
def visit(request: HttpRequest, source_id: int) -> HttpResponse:
    """Visit a feed or site now instead of later."""
    person = _keeper(request)
    source = get_object_or_404(queries.sources_for(person), pk=source_id)
    try:
        actions.visit_now(by=person, source=source)
    except Refused as refused:
        messages.error(request, translated(refused.why))
    else:
        messages.success(request, _("%(name)s is being visited.") % {"name": source.name})
    return redirect("listening:sources")


@require_POST
def pause(request: HttpRequest, source_id: int) -> HttpResponse:
    """Stop listening at a source, or begin again."""
    person = _keeper(request)
    source = get_object_or_404(queries.sources_for(person), pk=source_id)
    try:
        actions.pause_source(by=person, source=source, listening=not source.listening)
    except Refused as refused:
        messages.error(request, translated(refused.why))
    return redirect("listening:sources")


@require_safe
def texts(request: HttpRequest) -> HttpResponse:
    """What the brand says about itself, and since when; `?out=1` what was taken out of it."""
    person, out = _reader(request), "out" in request.GET
    found = queries.withdrawn_texts_for(person) if out else queries.texts_for(person)
    context = {
        "texts": Paginator(found, 50).get_page(request.GET.get("page")),
        "out": out,
        "taken_out": queries.withdrawn_texts_for(person).count(),
        "may_keep": policy.may_keep_sources(person),
    }
    return render(request, "listening/texts.html", context)


@require_http_methods(["GET", "POST"])
def add_texts(request: HttpRequest) -> HttpResponse:
    """Upload the brand's own texts."""
    person = _keeper(request)
    form = TextsForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            learned, rejected = actions.upload_texts(
                by=person, brand=told["brand"], file=told["file"], name=told["file"].name,
                valid_from=told["valid_from"],
            )  # fmt: skip
        except Refused as refused:
            form.add_error("file", translated(refused.why))
        else:
            messages.success(request, _("%(new)d texts are new, %(changed)d changed, %(same)d were here already.") % learned._asdict())  # fmt: skip
            for row in rejected[:5]:
                messages.warning(request, line_of(row))
            return redirect("listening:texts")
    context = {"form": form, "title": _("Add our own texts"), "deed": _("Add these texts")}
    return render(request, "listening/add.html", context, status=400 if form.errors else 200)


@require_safe
def one_text(request: HttpRequest, text_id: int) -> HttpResponse:
    """One text of the brand, as it was said, with the versions before and after it."""
    person = _reader(request)
    text = get_object_or_404(queries.every_text_for(person), pk=text_id)
    context = {
        "text": text,
        "versions": queries.versions_of(person, text),
        "may_keep": policy.may_keep_sources(person),
    }
    return render(request, "listening/text.html", context)


@require_POST
def remove_text(request: HttpRequest, text_id: int) -> HttpResponse:
    """Take a text back that is not ours."""
    person = _keeper(request)
    text = get_object_or_404(queries.texts_for(person), pk=text_id)
    name = str(text)
    text_actions.remove_texts(by=person, texts=[text])
    messages.success(request, _("%(name)s no longer counts as what we say.") % {"name": name})
    return redirect("listening:text", text.pk)


@require_POST
def restore_text(request: HttpRequest, text_id: int) -> HttpResponse:
    """Count a text again that was taken out."""
    person = _keeper(request)
    text = get_object_or_404(queries.withdrawn_texts_for(person), pk=text_id)
    text_actions.restore_texts(by=person, texts=[text])
    messages.success(request, _("%(name)s counts again as what we say.") % {"name": str(text)})
    return redirect("listening:text", text.pk)
