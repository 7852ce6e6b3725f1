"""What the documentation says is true: its commands run, its links lead somewhere, its lists are whole."""

import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import warm

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md")])
CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)
LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)#]+)(?:#[^)]*)?\)")

NOT_RUN = {
    "make demo": "what it does is `openroads demo`, which runs below",
    "make test": "it is what runs this test",
    "python3.11 -m venv /opt/openroads": "writes outside the folder of the test, and takes minutes",
    "/opt/openroads/bin/pip install .": "the same",
    "/opt/openroads/bin/openroads run --data /srv/openroads": "`openroads run` is started below",
}
"""Commands of the documentation that no test can run, and why."""
SERVES = ("openroads run",)
ORDINARY = ("cp", "mkdir")
"""Programs of the system that the pages use on the way."""


def commands(page: Path) -> Iterator[tuple[str, list[str]]]:
    """Each command of a page with the output it is said to give."""
    for block in CONSOLE.findall(page.read_text(encoding="utf-8")):
        command, output = "", []
        for line in block.splitlines():
            if line.startswith("$ "):
                if command:
                    yield command, output
                command, output = line[2:].split("  #")[0].strip(), []
            elif command:
                output.append(line)
        if command:
            yield command, output


def run(command: str, folder: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    words = shlex.split(command)
    if words[0] in ORDINARY:
        return subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=60)
    assert words[0] == "openroads", f"what is {command!r}? run it here or say why not in NOT_RUN"
    return warm.run(*words, env=env, cwd=folder, timeout=300)


@pytest.mark.slow(120)
def test_the_commands_of_the_tutorial_and_the_how_tos_run(tmp_path: Path) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith("OPENROADS_")}
    order = [ROOT / "docs/tutorial/first-gap.md", *sorted((ROOT / "docs/how-to").glob("*.md"))]
    done = 0
    for page in order:
        for command, output in commands(page):
            if command in NOT_RUN or command.startswith(SERVES):
                continue
            answer = run(command, tmp_path, env)
            assert answer.returncode == 0, f"{page.name}: {command}\n{answer.stdout}{answer.stderr}"
            for line in output:
                assert line in answer.stdout.splitlines(), (
                    f"{page.name}: {command} says\n{answer.stdout}"
                )
            done += 1
    assert done >= 4


@pytest.mark.slow
def test_a_house_started_as_documented_says_where_to_begin_and_stops_cleanly(
    tmp_path: Path,
) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith("OPENROADS_")}
    env |= {"PYTHONPATH": str(ROOT / "src"), "OPENROADS_PORT": "8219"}
    words = [sys.executable, "-m", "openroads", "run", "--data", str(tmp_path / "house")]
    with subprocess.Popen(
        words, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as house:
        assert house.stdout is not None
        line = next((line for line in house.stdout if "/welcome/?key=" in line), "")
        assert line.startswith("A new house. Begin at http://127.0.0.1:8219/welcome/?key=")
        house.send_signal(signal.SIGTERM)
        house.stdout.read()
        assert house.wait(60) == 0


def test_every_command_of_the_readme_is_run_somewhere_or_says_why_not() -> None:
    known = {
        command for page in PAGES if page.name != "README.md" for command, _output in commands(page)
    }
    starts = {" ".join(command.split()[:2]) for command in known}
    for command, _output in commands(ROOT / "README.md"):
        told = command in NOT_RUN or command.startswith(SERVES)
        assert told or " ".join(command.split()[:2]) in starts | {"openroads doctor"}, command


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_documentation_builds_without_a_warning(tmp_path: Path) -> None:
    words = ["-W", "--keep-going", "-q", "-b", "html", str(ROOT / "docs"), str(tmp_path / "html")]
    told = subprocess.run(
        [sys.executable, "-m", "sphinx", *words, "-d", str(tmp_path / "doctrees")],
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    formula = (tmp_path / "html/explanation/the-gap.html").read_text(encoding="utf-8")
    assert "$" not in re.sub(r"<script.*?</script>", "", formula, flags=re.DOTALL), (
        "formulas are read as formulas"
    )


def test_every_page_stands_in_the_index() -> None:
    index = (ROOT / "docs/index.md").read_text(encoding="utf-8")
    for page in (ROOT / "docs").glob("*/*.md"):
        assert f"{page.parent.name}/{page.stem}\n" in index, page


def test_the_reference_of_files_names_all_that_can_be_said() -> None:
    from openroads.connectors.dates import DATE_ORDERS
    from openroads.connectors.files import FIELDS
    from openroads.connectors.files.writing import DELIMITERS, ENCODINGS, QUOTES

    told = (ROOT / "docs/reference/files.md").read_text(encoding="utf-8")
    choices = (*ENCODINGS, *DELIMITERS, *QUOTES, *DATE_ORDERS)
    for name in [*FIELDS, *(choice[0] for choice in choices)]:
        assert f"`{name}`" in told, name


def test_every_room_has_a_page() -> None:
    rooms = {
        path.name for path in (ROOT / "src/openroads").iterdir() if (path / "__init__.py").exists()
    }
    pages = {path.stem for path in (ROOT / "docs/rooms").glob("*.md")}
    assert rooms - {"cli", "config"} == pages
    index = (ROOT / "docs/index.md").read_text()
    assert all(f"rooms/{page}" in index for page in pages)


def test_every_dependency_has_a_reason() -> None:
    import tomllib

    told = (ROOT / "docs/decisions/0002-dependencies.md").read_text().lower()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for line in project["dependencies"]:
        name = re.split(r"[<>=\[ ]", line)[0].lower()
        assert name in told, f"docs/decisions/0002-dependencies.md does not say why {name}"
