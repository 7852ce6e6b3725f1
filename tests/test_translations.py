"""Every text of every room stands in Dutch, and the catalogues say only what the code asks."""

import importlib.util
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest
from django.contrib.auth.password_validation import (
    get_password_validators,
    password_validators_help_texts,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.utils import translation

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def translations() -> ModuleType:
    """scripts/translations.py, which is no part of the package."""
    spec = importlib.util.spec_from_file_location("translations", ROOT / "scripts/translations.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["translations"] = module  # dataclasses look their module up there
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def house(tmp_path, translations):
    """A house of two rooms, complete in Dutch: what each test below spoils in one place."""
    root = tmp_path / "src/openroads"
    for room in ("web", "garden"):
        (root / room / "templates").mkdir(parents=True)
        (root / room / "apps.py").write_text("")
    (root / "garden/trees.py").write_text(
        "from django.utils.translation import gettext as _, ngettext\n"
        'a = _("A tree " "of %(name)s") % {"name": 1}\n'
        'b = ngettext("%(n)s apple", "%(n)s apples", 2)\n'
    )
    (root / "garden/templates/garden.html").write_text('{% load i18n %}{% translate "Home" %}\n')
    (root / "web/templates/web.html").write_text('{% load i18n %}{% translate "Home" %}\n')
    translations.collect(tmp_path)
    for room in ("web", "garden"):
        path = translations.catalogue_path(room, tmp_path)
        text = path.read_text()
        for english, dutch in (
            ('"Home"\nmsgstr ""', '"Home"\nmsgstr "Start"'),
            ('of %(name)s"\nmsgstr ""', 'of %(name)s"\nmsgstr "Een boom van %(name)s"'),
            ('msgstr[0] ""', 'msgstr[0] "%(n)s appel"'),
            ('msgstr[1] ""', 'msgstr[1] "%(n)s appels"'),
        ):
            text = text.replace(english, dutch)
        path.write_text(text)
    assert list(translations.missing(tmp_path)) == []
    return tmp_path


def _spoil(translations, house, old, new, room="garden"):
    path = translations.catalogue_path(room, house)
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    return " / ".join(translations.missing(house))


# ------------------------------------------------------------------------------- the real house
def test_every_text_of_the_house_stands_in_dutch(translations):
    assert list(translations.missing()) == []


def test_the_catalogues_are_as_collect_writes_them(translations, tmp_path):
    shutil.copytree(
        ROOT / "src",
        tmp_path / "src",
        ignore=shutil.ignore_patterns("__pycache__", "*.mo", "static"),
    )
    assert translations.collect(tmp_path) == []


def test_every_room_that_speaks_has_texts(translations):
    found = translations.collect_texts()
    assert {"delivery", "directory", "listening", "ui", "web"} <= found.keys()
    assert all(each.texts for each in found.values())


def test_django_speaks_to_people_as_we_do():
    rules = [{"NAME": f"django.contrib.auth.password_validation.{name}"} for name in (
        "MinimumLengthValidator", "UserAttributeSimilarityValidator", "CommonPasswordValidator",
    )]  # fmt: skip
    with translation.override("nl"):
        validators = get_password_validators(rules)
        said = " ".join(password_validators_help_texts(validators))
        with pytest.raises(ValidationError) as refused:
            validate_password("kort", password_validators=validators[:1])
        said += " ".join(refused.value.messages)
    assert said.count("Je wachtwoord") == 3 and "te kort" in said
    assert not {"u", "uw", "password"} & set(said.lower().split())


# -------------------------------------------------------------------------------- what is found
def test_a_template_gives_its_texts_with_plural_context_and_placeholders(translations):
    source = """{% load i18n %}
    {% translate "Plain" %} {% translate 'of' context "page n of m" %} {{ x|default:_("none at all") }}
    {% blocktranslate trimmed with name=person.name %}
        Hello {{ name }},
          100% welcome
    {% endblocktranslate %}
    {% if a %}{% blocktranslate trimmed count n=many %}{{ n }} post{% plural %}{{ n }} posts{% endblocktranslate %}{% endif %}
    <p title="not 'this' (or that">{# {% translate "Nor this" %} #}{% translate variable %}</p>"""
    Text = translations.Text
    assert set(translations.texts_in_template(source)) == {
        Text("Plain"),
        Text("of", context="page n of m"),
        Text("none at all"),
        Text("Hello %(name)s, 100%% welcome"),
        Text("%(n)s post", "%(n)s posts"),
    }


def test_python_gives_its_texts_under_any_name_and_from_parts(translations):
    source = (
        "from django.utils.translation import gettext_lazy as _, npgettext as many\n"
        "from django.utils import translation as t\n"
        "from elsewhere import gettext\n"
        'a = _("One "\n      "sentence")\n'
        'b = many("days", "%d day", "%d days", 2)\n'
        'c = t.pgettext("month", "May")\n'
        'd = gettext("Not ours")\n'
        "e = _(variable)\n"
        'trail.record(by, "resumed" if on else "paused", thing, note="Not this")\n'
    )
    Text = translations.Text
    assert set(translations.texts_in_python(source)) == {
        Text("One sentence"),
        Text("%d day", "%d days", "days"),
        Text("May", context="month"),
        Text("resumed"),
        Text("paused"),
    }


def test_a_text_put_together_while_running_is_refused(translations, house):
    code = house / "src/openroads/garden/trees.py"
    code.write_text(code.read_text() + 'c = _(f"A {tree}")\n')
    assert "put together while running" in " ".join(translations.missing(house))


# ------------------------------------------------------------------------------- what is missed
def test_a_text_in_no_catalogue_is_named(translations, house):
    code = house / "src/openroads/garden/trees.py"
    code.write_text(code.read_text() + 'c = _("A pear")\n')
    assert list(translations.missing(house)) == ["garden: not in the catalogue: 'A pear'"]


def test_a_text_of_a_room_without_catalogue_belongs_to_the_front_door(translations, house):
    (house / "src/openroads/shed").mkdir()
    (house / "src/openroads/shed/tools.py").write_text(
        "from django.utils.translation import gettext as _\na = _('A rake')\n"
    )
    assert list(translations.missing(house)) == ["web: not in the catalogue: 'A rake'"]


def test_what_connectors_say_belongs_to_the_room_that_listens(translations, house):
    for room in ("connectors", "listening"):
        (house / "src/openroads" / room).mkdir()
    (house / "src/openroads/listening/apps.py").write_text("")
    (house / "src/openroads/connectors/reading.py").write_text(
        "from openroads.connectors.sentences import say\n"
        'a = say("“{name}” is no " "tree.", name=1)\n'
        'b = say(f"{a} is put together.")\n'
    )
    assert list(translations.missing(house)) == [
        "listening: src/openroads/connectors/reading.py: line 3: a text that is put together while "
        "running",
        "listening: not in the catalogue: '“{name}” is no tree.'",
    ]


def test_a_translation_without_text_is_named(translations, house):
    (house / "src/openroads/web/templates/web.html").write_text("")
    assert list(translations.missing(house)) == ["web: no longer in the code: 'Home'"]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('msgstr "Start"', 'msgstr ""', "not translated: 'Home'"),
        ('msgstr[1] "%(n)s appels"', 'msgstr[1] ""', "not translated: '%(n)s apple'"),
        ('msgid "Home"', '#, fuzzy\nmsgid "Home"', "fuzzy: 'Home'"),
        ("boom van %(name)s", "boom van %(naam)s", "other placeholders"),
        ("%(n)s appels", "appels", "other placeholders"),
        ('msgstr[1] "%(n)s appels"', "", "not translated"),
        ('msgstr "Start"', 'msgstr "Start "', "other white space"),
        ('msgstr "Start"', 'msgstr "<b>Start</b>"', "other tags"),
        ('msgstr "Start"', "Start", "cannot be read"),
    ],
)
def test_a_spoilt_translation_is_named(translations, house, old, new, problem):
    assert problem in _spoil(translations, house, old, new)


def test_rooms_that_translate_alike_texts_differently_are_named(translations, house):
    said = _spoil(translations, house, 'msgstr "Start"', 'msgstr "Begin"')
    assert said == "garden and web translate 'Home' differently: 'Begin' and 'Start'"


def test_braces_are_placeholders_in_any_order(translations):
    assert translations.placeholders("{a} of {b:.1f}") == translations.placeholders("{b} van {a}")
    assert translations.placeholders("{a} of {b}") != translations.placeholders("{a} van {c}")
    assert translations.placeholders("%d of %s") != translations.placeholders("%s van %d")
    assert translations.placeholders("95%% of it") == translations.placeholders("95%% ervan")


# ------------------------------------------------------------------------------ what is written
def test_collect_keeps_moves_and_drops_translations(translations, house):
    code = house / "src/openroads/garden/trees.py"
    moved = 'from django.utils.translation import gettext as _\na = _("A tree of %(name)s")\n'
    code.write_text('from django.utils.translation import gettext as _\na = _("A pear")\n')
    (house / "src/openroads/web/views.py").write_text(moved)
    assert translations.collect(house) == [
        "garden: 2 texts, 1 new, 2 dropped",
        "web: 2 texts, 1 new, 0 dropped",
    ]
    web = translations.catalogue_path("web", house).read_text()
    garden = translations.catalogue_path("garden", house).read_text()
    assert "Een boom van %(name)s" in web
    assert "boom" not in garden and "appel" not in garden and 'msgstr "Start"' in garden
    assert list(translations.missing(house)) == ["garden: not translated: 'A pear'"]


def test_collecting_twice_changes_nothing_and_lines_do_not_count(translations, house):
    code = house / "src/openroads/garden/trees.py"
    code.write_text(code.read_text().replace("\n", "\n\n\n"))
    assert translations.collect(house) == []


def test_a_catalogue_carries_no_date_and_no_line_number(translations, house):
    text = translations.catalogue_path("garden", house).read_text()
    assert "Date" not in text and "trees.py:" not in text
    assert text.index('"%(n)s apple"') < text.index('"A tree') < text.index('"Home"')
