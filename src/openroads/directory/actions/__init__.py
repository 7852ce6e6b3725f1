"""What is done in the directory, a file per subject: people, departments and teams, the company."""

from openroads.directory.actions.people import (
    change_me,
    change_person,
    create_person,
    deactivate_person,
    grant_role,
    invite_person,
    make_sign_in_link,
    reactivate_person,
    revoke_role,
)

__all__ = [
    "change_me",
    "change_person",
    "create_person",
    "deactivate_person",
    "grant_role",
    "invite_person",
    "make_sign_in_link",
    "reactivate_person",
    "revoke_role",
]
