"""A process that reads an import and may be killed at any moment: `killed.py begin FILE`, `killed.py read`."""

import json
import sys
from pathlib import Path


def main(deed: str, *more: str) -> None:
    from openroads.cli import house

    if deed == "begin":
        house.settle_state()
    else:
        house.settle()
    from openroads.directory.people import system_person
    from openroads.listening.actions import imports
    from openroads.listening.actions.reading import read_import
    from openroads.listening.models import Import

    if deed == "begin":
        content = Path(more[0]).read_bytes()
        item = imports.receive_file(by=system_person(), name="posts.csv", content=[content])
        imports.start_import(by=system_person(), item=item)
        return

    def alive() -> bool:
        print("batch", flush=True)
        return True

    with house.opened(alone=True):
        item = read_import(item=Import.objects.get(), alive=alive)
        if "report" in more:
            print(json.dumps(report(item)))


def report(item: object) -> dict[str, object]:
    from datetime import date

    from openroads.archive.queries.posts import posts_in_scope
    from openroads.archive.queries.state import kept
    from openroads.archive.scope import Scope
    from openroads.directory.conversations import archive

    seen, before = set(), None
    scope = Scope(date(2026, 5, 1), date(2026, 8, 1))
    while rows := posts_in_scope(archive(), scope, before=before, limit=5000):
        seen.update(row.id for row in rows)
        before = rows[-1].place
    lines = Path(item.rejected_path).read_text(encoding="utf-8-sig").splitlines()
    return {
        "state": item.state,
        "read": item.read,
        "added": item.added,
        "same": item.same,
        "rejected": item.rejected,
        "rejected_lines": len(lines) - 1,
        "posts": sum(row.posts for row in kept(archive())),
        "distinct": len(seen),
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
