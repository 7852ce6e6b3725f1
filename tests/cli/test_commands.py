"""The command line as one types it: what it says, its exit code, and never a traceback."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from openroads import __version__
from openroads.cli import app
from openroads.connectors import files
from openroads.connectors.texts import read_texts
from tests.cli.houses import openroads

ROOT = Path(__file__).parents[2]
POSTS = "id,date,text\n1,2026-06-01,The battery is flat\n2,2026-06-02,The saddle creaks\n"


def one_sentence(told: str) -> str:
    """What was said, without the frame that the command line puts around it."""
    plain = re.sub(r"[│╭╮╰╯─]", " ", told)
    return " ".join(plain.split())


def test_the_version_is_printed() -> None:
    told = openroads("version")
    assert (told.returncode, told.stdout.strip(), told.stderr) == (0, __version__, "")


def test_help_names_every_command_with_a_line_about_it() -> None:
    told = openroads("--help")
    assert told.returncode == 0
    for command in ("run", "demo", "worker", "import", "gap", "doctor", "version"):
        line = next(
            (line for line in told.stdout.splitlines() if re.match(rf"\W*{command}\s", line)), ""
        )
        assert len(line.strip("│ ").removeprefix(command).strip()) > 10, command


def every_command() -> Iterator[tuple[str, Any]]:
    """Each command with its full name, as typed."""

    def below(name: str, command: Any) -> Iterator[tuple[str, Any]]:
        # Not by `click.Group`: Typer brings a click of its own, and no group would be one.
        if hasattr(command, "commands"):
            for inner in command.commands.values():
                yield from below(f"{name} {inner.name}", inner)
        else:
            yield name, command

    yield from below("openroads", typer.main.get_command(app))


@pytest.mark.parametrize(("name", "command"), list(every_command()), ids=lambda each: str(each))
def test_every_command_stands_in_the_reference_and_every_option_says_what_it_does(
    name: str, command: Any
) -> None:
    reference = (ROOT / "docs/reference/command-line.md").read_text(encoding="utf-8")
    assert f"`{name}" in reference
    assert (command.help or "").strip(), name
    for option in command.params:
        assert getattr(option, "help", None), f"{name} {option.name}"


def test_each_command_stands_once_in_the_tables_of_the_reference() -> None:
    reference = (ROOT / "docs/reference/command-line.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(openroads(?: [a-z][a-z-]*)*)", reference, re.MULTILINE)
    known = {name for name, _command in every_command()}
    groups = {name.rsplit(" ", 1)[0] for name in known} - {"openroads"}
    assert sorted(rows) == sorted(set(rows)), "a command stands there twice"
    assert known <= set(rows) <= known | groups


def test_what_the_reference_says_of_data_is_so() -> None:
    reference = (ROOT / "docs/reference/command-line.md").read_text(encoding="utf-8")
    homeless = {
        name.removeprefix("openroads ")
        for name, command in every_command()
        if not any("--data" in option.opts for option in command.params)
    }
    assert homeless == {"gap", "version", "archive ddl"}
    assert "`gap`, `archive ddl` and `version` need no house" in reference


@pytest.fixture
def small(tmp_path: Path) -> Path:
    (tmp_path / "posts.csv").write_text(POSTS)
    (tmp_path / "ours.txt").write_text("Windmee gives you the freedom of the open road.\n")
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "nothing").mkdir()
    return tmp_path


WRONG = {
    "no such file of posts": (("gap", "--says", "{}/none.csv", "--brand", "{}/ours.txt"), "none.csv is not a file"),
    "a folder without texts": (("gap", "--says", "{}/posts.csv", "--brand", "{}/nothing"), "holds no"),
    "an empty file": (("gap", "--says", "{}/empty.csv", "--brand", "{}/ours.txt"), "empty"),
    "a report of another kind": (("gap", "--says", "{}/posts.csv", "--brand", "{}/ours.txt", "--out", "r.docx"), ".html or a .pdf"),
    "another language": (("gap", "--says", "{}/posts.csv", "--brand", "{}/ours.txt", "--language", "de"), "en or in nl"),
    "a day that is none": (("gap", "--says", "{}/posts.csv", "--brand", "{}/ours.txt", "--since", "31-12-2025"), "31-12-2025"),
    "a report in no folder": (("gap", "--says", "{}/posts.csv", "--brand", "{}/ours.txt", "--out", "{}/no/such/r.html"), "no/such"),
    "an address inside the network": (("gap", "--says", "{}/posts.csv", "--brand", "http://127.0.0.1/"), "127.0.0.1"),
    "importing an empty file": (("import", "{}/empty.csv", "--data", "{}/house"), "empty"),
    "importing for a brand nobody knows": (("import", "{}/posts.csv", "--data", "{}/house", "--brand", "Gazelle"), "There is no brand Gazelle"),
    "a worker on the embedded archive": (("worker", "--data", "{}/house"), "belongs to one process"),
    "a port that is none": (("run", "--data", "{}/house", "--port", "99999"), "65535"),
    "a demo over somebody's files": (("demo", "--data", "{}", "--no-serve"), "holds something that is no finished demo"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_wrong_input_is_one_sentence_and_exit_code_2(small: Path, case: str) -> None:
    words, expected = WRONG[case]
    told = openroads(*(word.format(small) for word in words))
    said = one_sentence(told.stderr)
    assert told.returncode == 2, told
    assert expected in said and "Traceback" not in said, said
    assert len(said) < 600
    assert (small / "posts.csv").read_text() == POSTS, "what stood there still stands there"


def test_a_wrong_setting_stops_the_start_and_names_the_mend(tmp_path: Path) -> None:
    told = openroads("run", "--data", tmp_path / "house", env={"OPENROADS_TIME_ZONE": "Amsterdam"})
    assert told.returncode != 0
    assert "OPENROADS_TIME_ZONE" in told.stderr and "Europe/Amsterdam" in told.stderr
    assert "Traceback" not in told.stderr


def test_the_samples_of_the_demo_are_two_files_to_make_a_report_of(tmp_path: Path) -> None:
    told = openroads("demo", "--write", tmp_path / "samples")
    assert told.returncode == 0, told.stderr
    says, ours = (Path(line) for line in told.stdout.splitlines())
    assert says.read_text(encoding="utf-8").startswith("id,created_at,network,author,text")
    assert ours.read_text(encoding="utf-8").startswith("url,title,text,language,valid_from")
    posts = files.detect(says)
    assert (posts.problems, posts.columns["said_at"]) == ((), "created_at")
    assert len(read_texts(ours)[0]) > 100
    assert sorted(path.name for path in tmp_path.iterdir()) == ["samples"]
