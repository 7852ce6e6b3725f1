"""The people of Windmee: the cast, forty colleagues, the teams and the channel accounts, as plain rows."""

from dataclasses import dataclass

from openroads.demo.company import MAIL_DOMAIN

DEPARTMENTS = ("Marketing", "Service", "Product", "PR", "HR", "Sales", "IT", "Board")


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person. `role` is the name of a directory role in lower case; "customer" stands outside the company."""

    name: str
    department: str
    role: str
    email: str
    job: str
    language: str = "nl"
    cast: bool = False
    team: str = ""


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team and the e-mail addresses of its members."""

    name: str
    department: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A channel account of the company: who owns it and who stands in."""

    network: str
    handle: str
    owner: str
    backup: str
    purpose: str


def _mail(name: str) -> str:
    words = (
        name.lower().replace("ö", "o").replace("ï", "i").replace("ë", "e").replace("'", "").split()
    )
    return (
        f"{words[0]}.{''.join(words[1:])}@{MAIL_DOMAIN}"
        if words[1:]
        else f"{words[0]}@{MAIL_DOMAIN}"
    )


def _cast(name: str, department: str, role: str, job: str, team: str = "") -> PersonRow:
    return PersonRow(name, department, role, _mail(name), job, cast=True, team=team)


NOOR = _cast("Noor Verbeek", "Marketing", "conversation_manager", "Conversation manager")
DAAN = _cast("Daan Kuipers", "Service", "webcare_agent", "Webcare agent", "Webcare")
BRAM = _cast("Bram Postma", "PR", "webcare_agent", "Agent of the PR desk", "PR desk")
SANNE = _cast("Sanne de Wit", "Marketing", "listener", "Listener")
FLEUR = _cast("Fleur", "Marketing", "editor", "Editor-in-chief")
ILSE = _cast("Ilse Brouwer", "Product", "champion", "Test rider and champion")
TOM = _cast("Tom Hendriks", "Product", "department_head", "Head of Product")
OMAR = _cast("Omar", "Board", "decision_maker", "Finance director")
IDA = _cast("Ida", "HR", "employee", "Recruiter")
ADA = _cast("Ada", "IT", "administrator", "Administrator")
MARLOES = PersonRow(
    "Marloes de Groot", "", "customer", "marloes.degroot@post.example", "Rides a Kade", cast=True
)
CAST = (NOOR, DAAN, BRAM, SANNE, FLEUR, ILSE, TOM, OMAR, IDA, MARLOES, ADA)

_STAFF = """
Marketing: Jurre Haverkamp, campaign manager
Marketing: Maud Steenbergen, brand designer
Marketing: Lena Fokkens, social editor
Marketing: Timo Wierda, photographer
Marketing: Pleun van Asch, content author
Marketing: Romy Teeuwen, content author
Service: Fatima Benali, mechanic Utrecht
Service: Joris Wolters, webcare agent
Service: Merel Kuin, webcare agent
Service: Hidde Zandberg, workshop planner
Service: Sjoukje Miedema, customer service
Service: Kemal Aksoy, mechanic at home
Service: Lotte van Rijs, customer service
Service: Gerben Tolsma, mechanic Zwolle
Service: Ans Dorland, head of Service
Service: Rik Bouwman, mechanic at home
Product: Eline Vroom, battery engineer
Product: Wessel Aarts, app developer
Product: Nadia Chaouch, test engineer
Product: Koen Ruiter, frame designer
Product: Mirthe Langeveld, product owner app
Product: Sybren Haan, welder
PR: Carlijn Oost, head of PR
PR: Victor Meijs, press officer
PR: Saar Bonnema, public affairs
HR: Petra Lindhout, head of HR
HR: Jasmijn Rood, trainer
HR: Dirk-Jan Mulder, adviser
Sales: Youssef El Idrissi, head of Sales
Sales: Tessa Wind, shop manager Gent
Sales: Marco Bruins, shop manager Utrecht
Sales: Anouk Seegers, business sales
Sales: Floris Hage, shop manager Groningen
Sales: Imke Bolt, lease desk
IT: Ravi Jagroep, system engineer
IT: Noortje Blaak, data engineer
IT: Stefan Kool, service desk
Board: Karel Windhorst, chief executive
Board: Hanneke Duim, operations director
Board: Bas Roelvink, secretary to the board
"""


_ROLES = {
    "webcare agent": "webcare_agent",
    "social editor": "editor",
    "content author": "editor",
    "chief executive": "decision_maker",
    "operations director": "decision_maker",
}


def _staff() -> tuple[PersonRow, ...]:
    rows: list[PersonRow] = []
    for line in _STAFF.strip().splitlines():
        department, _, person = line.partition(": ")
        name, _, job = person.partition(", ")
        role = _ROLES.get(job, "department_head" if job.startswith("head of") else "employee")
        team = "Webcare" if role == "webcare_agent" else "PR desk" if department == "PR" else ""
        shown = job[:1].upper() + job[1:]
        language = "en" if name in {"Ravi Jagroep", "Nadia Chaouch"} else "nl"
        rows.append(PersonRow(name, department, role, _mail(name), shown, language, team=team))
    return tuple(rows)


STAFF = _staff()
PEOPLE = CAST + STAFF
"""Everybody: the cast first. Marloes is the only one from outside."""

TEAMS = tuple(
    TeamRow(name, department, tuple(row.email for row in PEOPLE if row.team == name))
    for name, department in (("Webcare", "Service"), ("PR desk", "PR"))
)
ACCOUNTS = (
    AccountRow("x", "windmee", FLEUR.email, NOOR.email, "Brand"),
    AccountRow("x", "windmee_service", DAAN.email, _mail("Merel Kuin"), "Webcare"),
    AccountRow("bluesky", "windmee", FLEUR.email, NOOR.email, "Brand"),
    AccountRow("bluesky", "windmee_service", DAAN.email, _mail("Joris Wolters"), "Webcare"),
    AccountRow("mastodon", "windmee", FLEUR.email, _mail("Lena Fokkens"), "Brand"),
    AccountRow("instagram", "windmee", _mail("Lena Fokkens"), FLEUR.email, "Brand"),
    AccountRow("instagram", "windmee_outlet", "", "", "Outlet sales; its owner left"),
    AccountRow("facebook", "windmee", _mail("Lena Fokkens"), DAAN.email, "Brand and webcare"),
    AccountRow("youtube", "windmee", _mail("Timo Wierda"), FLEUR.email, "Films"),
    AccountRow(
        "trustpilot", "windmee_service", DAAN.email, _mail("Ans Dorland"), "Answers to reviews"
    ),
    AccountRow(
        "mail", "service@windmee.example", DAAN.email, _mail("Sjoukje Miedema"), "Service mailbox"
    ),
)
