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


def _cast(name: str, department: str, role: str, job: str) -> PersonRow:
    return PersonRow(name, department, role, _mail(name), job, cast=True)


NOOR = _cast("Noor Verbeek", "Marketing", "conversation_manager", "Conversation manager")
DAAN = _cast("Daan Kuipers", "Service", "webcare_agent", "Webcare agent")
BRAM = _cast("Bram Postma", "PR", "webcare_agent", "Agent of the PR desk")
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
Marketing: Jurre Haverkamp, campaign manager; Maud Steenbergen, brand designer; Lena Fokkens, social editor; Timo Wierda, photographer; Pleun van Asch, content author; Romy Teeuwen, content author
Service: Fatima Benali, mechanic Utrecht; Joris Wolters, webcare agent; Merel Kuin, webcare agent; Hidde Zandberg, workshop planner; Sjoukje Miedema, customer service; Kemal Aksoy, mechanic at home; Lotte van Rijs, customer service; Gerben Tolsma, mechanic Zwolle; Ans Dorland, head of Service; Rik Bouwman, mechanic at home
Product: Eline Vroom, battery engineer; Wessel Aarts, app developer; Nadia Chaouch, test engineer; Koen Ruiter, frame designer; Mirthe Langeveld, product owner app; Sybren Haan, welder
PR: Carlijn Oost, head of PR; Victor Meijs, press officer; Saar Bonnema, public affairs
HR: Petra Lindhout, head of HR; Jasmijn Rood, trainer; Dirk-Jan Mulder, adviser
Sales: Youssef El Idrissi, head of Sales; Tessa Wind, shop manager Gent; Marco Bruins, shop manager Utrecht; Anouk Seegers, business sales; Floris Hage, shop manager Groningen; Imke Bolt, lease desk
IT: Ravi Jagroep, system engineer; Noortje Blaak, data engineer; Stefan Kool, service desk
Board: Karel Windhorst, chief executive; Hanneke Duim, operations director; Bas Roelvink, secretary to the board
"""


def _staff() -> tuple[PersonRow, ...]:
    rows: list[PersonRow] = []
    for line in _STAFF.strip().splitlines():
        department, _, people = line.partition(": ")
        for person in people.split("; "):
            name, _, job = person.partition(", ")
            role = (
                "webcare_agent" if job == "webcare agent"
                else "department_head" if job.startswith("head of")
                else "editor" if job in {"social editor", "content author"}
                else "decision_maker" if job in {"chief executive", "operations director"}
                else "employee"
            )  # fmt: skip
            language = "en" if name in {"Ravi Jagroep", "Nadia Chaouch"} else "nl"
            rows.append(
                PersonRow(name, department, role, _mail(name), job[:1].upper() + job[1:], language)
            )
    return tuple(rows)


STAFF = _staff()
PEOPLE = CAST + STAFF
"""Everybody: the cast first. Marloes is the only one from outside."""

TEAMS = (
    TeamRow(
        "Webcare",
        "Service",
        (DAAN.email, *(row.email for row in STAFF if row.role == "webcare_agent")),
    ),
    TeamRow("PR desk", "PR", (BRAM.email, *(row.email for row in STAFF if row.department == "PR"))),
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
