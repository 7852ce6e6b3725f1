"""Ending the sessions of a person."""

from allauth.usersessions.models import UserSession

from openroads.directory.models import Person, new_salt


def end_every_session(person: Person) -> None:
    """Sign a person out everywhere, also where allauth kept no record of the session."""
    person.sessions_salt = new_salt()
    person.save(update_fields=["sessions_salt"])
    end_other_sessions(person)


def end_other_sessions(person: Person, keep: str | None = None) -> None:
    """Sign a person out everywhere but in the session `keep`."""
    for session in UserSession.objects.filter(user=person).exclude(session_key=keep or ""):
        session.end()
