"""What a person does in the browser of a running house, done beside it: `hands.py import FILE`, `hands.py site ADDRESS`."""

import sys
from pathlib import Path


def main(deed: str, what: str) -> None:
    from openroads.cli import house

    house.settle_state()
    from openroads.directory.company import Brand
    from openroads.directory.people import system_person
    from openroads.listening.actions import imports, sources

    by = system_person()
    if deed == "import":
        content = [Path(what).read_bytes()]
        imports.start_import(by=by, item=imports.receive_file(by=by, name="posts.csv", content=content))  # fmt: skip
    elif deed == "site":
        sources.read_site(by=by, brand=Brand.objects.create(name="Windmee"), address=what)


if __name__ == "__main__":
    main(*sys.argv[1:])
