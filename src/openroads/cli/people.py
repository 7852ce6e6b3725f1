"""`openroads user`: people from the command line, for a first administrator or one who lost the way in."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from openroads.cli import house

app = typer.Typer(
    name="user",
    help="People of this house: add, list, give roles, set a password, keep out. The trail names Openroads itself as who did it.",
    no_args_is_help=True,
)
Data = Annotated[Path | None, typer.Option("--data", help="Directory of the house.")]
Email = Annotated[
    str, typer.Argument(metavar="EMAIL", help="The address the person signs in with.")
]
Language = Annotated[str, typer.Option(help="en or nl; empty: as their browser asks.")]
FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from the first line of stdin.")
]


# Settings and tables can be imported only after settle_state().
@app.command()
def add(
    email: Email,
    name: Annotated[str, typer.Option(help="Their name.")],
    role: Annotated[list[str] | None, typer.Option(help="A role; may be given more than once.")] = None,
    language: Language = "",
    ask: Annotated[bool, typer.Option("--ask-password", help="Ask for a password instead of making a link.")] = False,
    stdin: FromStdin = False,
    data: Data = None,
) -> None:  # fmt: skip
    """Add a person. Prints a link with which they choose a password, once, within three days."""
    house.settle_state(data)
    from django.db import transaction  # noqa: PLC0415

    from openroads.directory.actions import create_person, grant_role  # noqa: PLC0415
    from openroads.directory.people import system_person  # noqa: PLC0415

    _refuse_other(language, ("", "en", "nl"), "language")
    for each in role or ():
        _refuse_other(each, _roles(), "role")
    password = _asked(stdin) if ask or stdin else None
    by = system_person()
    with transaction.atomic():
        person = create_person(by=by, email=email, name=name, password=password, language=language)
        for each in role or ():
            grant_role(by=by, person=person, role=each)
    typer.echo(f"Added {person.name} ({person.email}), {', '.join(role or ()) or 'no role'}.")
    if password is None:
        _print_link(by, person)


@app.command("list")
def list_people(
    words: Annotated[str, typer.Argument(help="Only people whose name or address holds every word.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
    data: Data = None,
) -> None:  # fmt: skip
    """List the people with their roles of today, those who may sign in first."""
    house.settle_state(data)
    from openroads.directory.people import system_person  # noqa: PLC0415
    from openroads.directory.queries import people_found  # noqa: PLC0415

    people: list[dict[str, Any]] = [
        {
            "email": person.email,
            "name": person.name,
            "roles": [_role_of(grant) for grant in person.grants_now],
            "may_sign_in": person.is_active,
            "has_password": person.has_usable_password(),
        }
        for person in people_found(system_person(), words)
    ]
    if as_json:
        typer.echo(json.dumps(people, ensure_ascii=False))
        return
    for each in people:
        notes = [] if each["may_sign_in"] else ["kept out"]
        notes += [] if each["has_password"] else ["no password yet"]
        roles = ", ".join(each["roles"]) or "no role"
        typer.echo(
            f"{each['email']}  {each['name']}  {roles}" + "".join(f"  [{note}]" for note in notes)
        )


@app.command()
def role(
    email: Email,
    role: Annotated[str, typer.Argument(help="The role, such as administrator or listener.")],
    take: Annotated[bool, typer.Option("--take", help="Take it away instead of giving it.")] = False,
    department: Annotated[str, typer.Option(help="Only in this department.")] = "",
    team: Annotated[str, typer.Option(help="Only in this team.")] = "",
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The first day it no longer holds.")] = None,
    data: Data = None,
) -> None:  # fmt: skip
    """Give a role, everywhere or in one department or team; or take it away."""
    house.settle_state(data)
    from openroads.directory.actions import grant_role, revoke_role  # noqa: PLC0415
    from openroads.directory.models import Department, Team  # noqa: PLC0415
    from openroads.directory.people import system_person  # noqa: PLC0415

    _refuse_other(role, _roles(), "role")
    by, person = system_person(), _found(email)
    where = {
        "department": _named(Department, department, "department"),
        "team": _named(Team, team, "team"),
    }
    if not take:
        grant = grant_role(
            by=by, person=person, role=role, until=until.date() if until else None, **where
        )
        typer.echo(f"{person.name} has the role {_role_of(grant)}.")
        return
    held = [
        grant
        for grant in person.grants_now
        if grant.role == role and all(getattr(grant, each) == part for each, part in where.items())
    ]
    if not held:
        raise typer.BadParameter(f"{person.name} does not have that role there.")
    for grant in held:
        revoke_role(by=by, grant=grant)
    typer.echo(f"{person.name} no longer has the role {_role_of(held[0])}.")


@app.command()
def password(
    email: Email,
    link: Annotated[bool, typer.Option("--link", help="Print a link with which they choose one themselves.")] = False,
    stdin: FromStdin = False,
    data: Data = None,
) -> None:  # fmt: skip
    """Set a password, asked twice and never shown; or print a link. All their sessions end."""
    house.settle_state(data)
    from openroads.directory.actions.passwords import set_password  # noqa: PLC0415
    from openroads.directory.people import system_person  # noqa: PLC0415

    by, person = system_person(), _found(email)
    if link:
        _print_link(by, person)
        return
    set_password(by=by, person=person, password=_asked(stdin))
    typer.echo(f"{person.name} has a new password, and is signed out everywhere.")


@app.command("second-step")
def second_step(
    email: Email,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data: Data = None,
) -> None:
    """Take away the second steps of somebody who lost their device: codes, passkeys, recovery codes."""
    house.settle_state(data)
    from openroads.directory.actions.passwords import forget_second_steps  # noqa: PLC0415
    from openroads.directory.people import system_person  # noqa: PLC0415

    person = _found(email)
    if not yes:
        typer.confirm(f"Let {person.name} sign in with the password alone", abort=True)
    gone = forget_second_steps(by=system_person(), person=person)
    typer.echo(f"Second steps of {person.name} taken away: {gone}. The password alone is asked.")


@app.command()
def deactivate(email: Email, data: Data = None) -> None:
    """Keep somebody out: every session ends at once. Their roles stay for when they come back."""
    house.settle_state(data)
    from openroads.directory.actions import deactivate_person  # noqa: PLC0415
    from openroads.directory.people import system_person  # noqa: PLC0415

    person = deactivate_person(by=system_person(), person=_found(email))
    typer.echo(f"{person.name} is kept out.")


@app.command()
def reactivate(email: Email, data: Data = None) -> None:
    """Let somebody in again, with the roles they have."""
    house.settle_state(data)
    from openroads.directory.actions import reactivate_person  # noqa: PLC0415
    from openroads.directory.people import system_person  # noqa: PLC0415

    person = reactivate_person(by=system_person(), person=_found(email))
    typer.echo(f"{person.name} may sign in.")


def _found(email: str) -> Any:
    from openroads.directory.people import system_person  # noqa: PLC0415 (needs settings)
    from openroads.directory.queries import people_for  # noqa: PLC0415

    person = people_for(system_person()).filter(email__iexact=email.strip()).first()
    if person is None:
        raise typer.BadParameter(f"Nobody here has the address {email}. See openroads user list.")
    return person


def _named(model: Any, name: str, kind: str) -> Any:
    if not name:
        return None
    if (found := model.objects.filter(name__iexact=name).first()) is None:
        known = ", ".join(model.objects.values_list("name", flat=True)) or "none yet"
        raise typer.BadParameter(f"There is no {kind} {name}; known: {known}.")
    return found


def _roles() -> tuple[str, ...]:
    from openroads.directory.roles import Role  # noqa: PLC0415 (needs settings)

    return tuple(Role.values)


def _refuse_other(given: str, known: tuple[str, ...], kind: str) -> None:
    if given not in known:
        raise typer.BadParameter(
            f"There is no {kind} {given}; known: {', '.join(filter(None, known))}."
        )


def _role_of(grant: Any) -> str:
    part = grant.team or grant.department
    return f"{grant.role} ({part})" if part else str(grant.role)


def _asked(stdin: bool) -> str:
    """A password that stands in no shell history and in no list of processes."""
    if stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise typer.BadParameter("There is nobody to ask. Use --password-stdin, or a link.")
    asked: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return asked


def _print_link(by: Any, person: Any) -> None:
    from django.conf import settings  # noqa: PLC0415 (needs settings)
    from django.urls import reverse  # noqa: PLC0415

    from openroads.directory.actions import make_sign_in_link  # noqa: PLC0415

    path = reverse(
        "account_reset_password_from_key", kwargs=make_sign_in_link(by=by, person=person)
    )
    typer.echo("Hand this link over; it works once, for three days, and is kept nowhere:")
    typer.echo(f"{settings.OPENROADS.url}{path}")
