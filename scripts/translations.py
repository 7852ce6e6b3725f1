"""Collects the texts of every room into its Dutch catalogue and finds what is still untranslated.

`python scripts/translations.py collect` brings the catalogues up to date, `... check` names what
is missing. It needs Babel and Django, and no gettext programs.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
LANGUAGE = "nl"
# A room that is no Django app has no catalogue that Django would read: its texts live here.
HOUSE = "web"
# These know no Django: what they say is translated by the room that listens through them.
SPEAKS_FOR = {"analysis": "listening", "archive": "listening", "connectors": "listening"}
SAYING = ("openroads.analysis.sentences", "openroads.connectors.sentences")

# Where in the arguments of each function the context, the text and the plural stand.
FUNCTIONS: dict[str, tuple[int | None, int, int | None]] = {
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
TEMPLATE_KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}

DEED = "trail.record"

# Texts of Django that stand on our pages and whose own Dutch says "u" where we say "je"; the last
# one has no Dutch at all.
BORROWED = {
    "directory": (
        (
            "Your password must contain at least %(min_length)d character.",
            "Your password must contain at least %(min_length)d characters.",
        ),
        ("Your password can’t be too similar to your other personal information.", ""),
        ("Your password can’t be a commonly used password.", ""),
        (
            "This password is too short. It must contain at least %d character.",
            "This password is too short. It must contain at least %d characters.",
        ),
    )
}

# No dates, no names, no program: a catalogue changes only when a text does.
HEADER = (
    'msgid ""\n'
    'msgstr ""\n'
    f'"Language: {LANGUAGE}\\n"\n'
    '"MIME-Version: 1.0\\n"\n'
    '"Content-Type: text/plain; charset=UTF-8\\n"\n'
    '"Content-Transfer-Encoding: 8bit\\n"\n'
    '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
)

NAMED = re.compile(r"%\(([^)]*)\)[a-zA-Z]|\{([^{}!:]*)(?:![rsa])?(?::[^{}]*)?\}")
BARE = re.compile(r"%(?![(%])[-+ #0]*[\d.]*[a-zA-Z]")
TAG = re.compile(r"</?[a-z][a-z0-9]*")


@dataclass(frozen=True, order=True)
class Text:
    """What identifies a text in a catalogue; without plural or context these are empty."""

    singular: str
    plural: str = ""
    context: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return (self.context, self.singular)


@dataclass
class Found:
    """The texts of one room with the files they stand in, and the calls nobody can translate."""

    texts: dict[Text, set[str]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def add(self, text: Text, file: str) -> None:
        """To gettext a singular alone, or with another plural, is the same entry: so it is here."""
        for known in [each for each in self.texts if each.key == text.key]:
            text = max(known, text)
            self.texts[text] = self.texts.pop(known)
        self.texts.setdefault(text, set()).add(file)


# ------------------------------------------------------------------------------------- extraction
def texts_in_template(source: str) -> Iterator[Text]:
    """The texts of {% translate %}, {% blocktranslate %} and _("...") in a Django template."""
    # TRICKY: the indentation of HTML is no indentation of Python.
    code = "\n".join(line.lstrip() for line in templatize(source).splitlines())
    for _line, found, _comments, context in extract(
        "python", BytesIO(code.encode()), keywords=TEMPLATE_KEYWORDS, options={"encoding": "utf-8"}
    ):
        singular, plural = (found, "") if isinstance(found, str) else (found[0], found[1])
        yield Text(singular, plural, context or "")


def texts_in_python(source: str) -> Iterator[Text | str]:
    """The texts given to Django's gettext functions, under whatever name they were imported, and the
    templates given to the connectors' `say`.

    Yields a sentence in place of a Text for a call that builds its text while running (an f-string
    or a sum), because no catalogue can hold that. A call with a variable is left alone: the text
    it carries is marked where it is written.
    """
    tree = ast.parse(source)
    names: dict[str, str] = {}
    modules: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            names |= {a.asname or a.name: a.name for a in node.names if a.name in FUNCTIONS}
        elif isinstance(node, ast.ImportFrom) and node.module == "django.utils":
            modules |= {a.asname or a.name for a in node.names if a.name == "translation"}
        elif isinstance(node, ast.ImportFrom) and node.module in SAYING:
            names |= {a.asname or a.name: "gettext" for a in node.names if a.name == "say"}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if ast.unparse(called) == DEED:
            yield from _deeds(node)
        elif isinstance(called, ast.Name) and called.id in names:
            yield from _texts_of_call(node, FUNCTIONS[names[called.id]])
        elif (
            isinstance(called, ast.Attribute)
            and isinstance(called.value, ast.Name)
            and called.value.id in modules
            and called.attr in FUNCTIONS
        ):
            yield from _texts_of_call(node, FUNCTIONS[called.attr])


def _deeds(call: ast.Call) -> Iterator[Text]:
    """The trail keeps a deed in English and its page translates it: the deed is a text too."""
    if len(call.args) > 1:
        for part in ast.walk(call.args[1]):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield Text(part.value)


def _texts_of_call(
    call: ast.Call, places: tuple[int | None, int, int | None]
) -> Iterator[Text | str]:
    wanted = [place for place in places if place is not None]
    values: dict[int | None, str] = {None: ""}
    for place in wanted:
        argument = call.args[place] if place < len(call.args) else None
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            values[place] = argument.value
        elif isinstance(argument, ast.JoinedStr | ast.BinOp):
            yield f"line {call.lineno}: a text that is put together while running"
            return
        else:
            return
    context, singular, plural = places
    yield Text(values[singular], values[plural], values[context])


def rooms(root: Path = ROOT) -> list[str]:
    """The rooms that have a catalogue: those that are Django apps."""
    return sorted(file.parent.name for file in (root / "src/openroads").glob("*/apps.py"))


def collect_texts(root: Path = ROOT) -> dict[str, Found]:
    """Every text in the code, by the room whose catalogue must hold it."""
    with_catalogue = rooms(root)
    found = {room: Found() for room in with_catalogue}
    house = root / "src/openroads"
    for path in sorted([*house.rglob("*.py"), *house.rglob("templates/**/*.html")]):
        room = path.relative_to(house).parts[0]
        room = room if room in with_catalogue else SPEAKS_FOR.get(room, HOUSE)
        into = found.get(room, found[HOUSE])
        file = path.relative_to(root).as_posix()
        source = path.read_text("utf-8")
        texts = texts_in_python(source) if path.suffix == ".py" else texts_in_template(source)
        for text in texts:
            if isinstance(text, str):
                into.wrong.append(f"{file}: {text}")
            elif text.singular:
                into.add(text, file)
    for room in BORROWED.keys() & found.keys():
        for singular, plural in BORROWED[room]:
            found[room].add(Text(singular, plural), "django/contrib/auth/password_validation.py")
    return found


# ------------------------------------------------------------------------------------- catalogues
def catalogue_path(room: str, root: Path = ROOT) -> Path:
    return root / "src/openroads" / room / "locale" / LANGUAGE / "LC_MESSAGES/django.po"


def read_catalogue(room: str, root: Path = ROOT) -> Catalog:
    """The room's catalogue, empty when there is none; PoFileError says what is wrong with it."""
    path = catalogue_path(room, root)
    if not path.exists():
        return Catalog(locale=LANGUAGE)
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE, abort_invalid=True)


def text_of(message: Message) -> Text:
    if isinstance(message.id, str):
        return Text(message.id, "", message.context or "")
    return Text(message.id[0], message.id[1], message.context or "")


def messages_of(catalogue: Catalog) -> dict[Text, Message]:
    return {text_of(message): message for message in catalogue if message.id}


def forms(message: Message) -> tuple[str, ...]:
    """The translations: one, or one for each plural form."""
    string = message.string
    return (string or "",) if isinstance(string, str) or string is None else tuple(string)


def collect(root: Path = ROOT) -> list[str]:
    """Bring every catalogue in line with the code; returns a line for each room that changed.

    A translation is kept as long as its text stands anywhere in the code, also when it moves to
    another room; one whose text is gone is dropped. A new text gets an empty translation.
    """
    known = {room: messages_of(read_catalogue(room, root)) for room in rooms(root)}
    anywhere = {
        text: message
        for messages in known.values()
        for text, message in messages.items()
        if all(forms(message))
    }
    report = []
    for room, found in collect_texts(root).items():
        catalogue = Catalog(locale=LANGUAGE)
        for text, files in found.texts.items():
            old = known[room].get(text) or anywhere.get(text)
            catalogue.add(
                (text.singular, text.plural) if text.plural else text.singular,
                string=old.string if old else ("", "") if text.plural else "",
                locations=[(file, 0) for file in sorted(files)],
                flags=[flag for flag in (old.flags if old else ()) if flag == "fuzzy"],
                user_comments=old.user_comments if old else (),
                context=text.context or None,
            )
        added = len(found.texts.keys() - known[room].keys())
        dropped = len(known[room].keys() - found.texts.keys())
        if write_catalogue(room, catalogue, root):
            report.append(f"{room}: {len(found.texts)} texts, {added} new, {dropped} dropped")
    return report


def write_catalogue(room: str, catalogue: Catalog, root: Path = ROOT) -> bool:
    """Write the catalogue in one fixed order; says whether the file changed."""
    path = catalogue_path(room, root)
    body = BytesIO()
    write_po(body, catalogue, omit_header=True, include_lineno=False, sort_output=True, width=100)
    content = HEADER + body.getvalue().decode().rstrip("\n") + "\n"
    if path.exists() and path.read_text("utf-8") == content:
        return False
    if not catalogue and not path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, "utf-8")
    return True


# ------------------------------------------------------------------------------------------ check
def missing(root: Path = ROOT) -> Iterator[str]:
    """Everything that keeps a page from being wholly Dutch, one sentence each."""
    for room, found in collect_texts(root).items():
        for wrong in found.wrong:
            yield f"{room}: {wrong}"
        try:
            messages = messages_of(read_catalogue(room, root))
        except PoFileError as problem:
            yield f"{room}: the catalogue cannot be read: {problem}"
            continue
        for text in sorted(found.texts.keys() - messages.keys()):
            yield f"{room}: not in the catalogue: {text.singular!r}"
        for text in sorted(messages.keys() - found.texts.keys()):
            yield f"{room}: no longer in the code: {text.singular!r}"
        for text, message in messages.items():
            for problem in problems_of(text, message):
                yield f"{room}: {problem}: {text.singular!r}"
        if why := does_not_compile(room, root):
            yield f"{room}: the catalogue does not compile: {why}"
    yield from translated_twice(root)


def problems_of(text: Text, message: Message) -> Iterator[str]:
    """What is wrong with one translation."""
    if message.fuzzy:
        yield "fuzzy"
    translations = forms(message)
    if not all(translation.strip() for translation in translations):
        yield "not translated"
        return
    originals = (text.singular, text.plural) if text.plural else (text.singular,)
    if len(translations) != len(originals):
        yield f"{len(translations)} forms for {len(originals)}"
        return
    for original, translation in zip(originals, translations, strict=True):
        if placeholders(original) != placeholders(translation):
            yield "other placeholders"
        if sorted(TAG.findall(original)) != sorted(TAG.findall(translation)):
            yield "other tags"
        if _edges(original) != _edges(translation):
            yield "other white space at the ends"
        for name in placeholders(original)[0]:
            if not re.fullmatch(r"\w*", name):
                yield f"a placeholder Django cannot fill ({name})"


def placeholders(text: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """Named places in any number and order; places without a name by number and order."""
    text = text.replace("%%", "")
    return frozenset(a or b for a, b in NAMED.findall(text)), tuple(BARE.findall(text))


def _edges(text: str) -> tuple[str, str]:
    stripped = text.strip()
    before, _middle, after = text.partition(stripped)
    return before, after


def does_not_compile(room: str, root: Path = ROOT) -> str:
    """Why the catalogue cannot become what Django reads; empty when it can."""
    compiled = BytesIO()
    try:
        write_mo(compiled, read_catalogue(room, root))
        compiled.seek(0)
        GNUTranslations(compiled)
    except (PoFileError, ValueError, OSError) as problem:
        return str(problem) or type(problem).__name__
    return ""


def translated_twice(root: Path = ROOT) -> Iterator[str]:
    """Texts that two rooms translate differently: Django merges the catalogues, and one wins."""
    first: dict[tuple[str, str], tuple[str, str]] = {}
    for room in rooms(root):
        try:
            messages = messages_of(read_catalogue(room, root))
        except PoFileError:
            continue  # `missing` has named it
        for text, message in messages.items():
            # A singular and the singular of a plural are one entry to gettext.
            said = forms(message)[0]
            other, before = first.setdefault(text.key, (room, said))
            if said and before and said != before:
                yield (
                    f"{other} and {room} translate {text.singular!r} differently: "
                    f"{before!r} and {said!r}"
                )


def main(arguments: list[str]) -> int:
    if arguments == ["collect"]:
        print("\n".join(collect()) or "Nothing changed.")
        return 0
    if arguments == ["check"]:
        problems = list(missing())
        print("\n".join(problems) or "Every text has its translation.")
        return 1 if problems else 0
    print("Usage: python scripts/translations.py collect|check", file=sys.stderr)
    return 2


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
