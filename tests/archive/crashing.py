"""A child process for test_crash: ingests until it is killed, telling what was acknowledged."""

import sys
from datetime import timedelta
from pathlib import Path
from random import Random

sys.path[:0] = [str(Path(__file__).parents[2] / "src"), str(Path(__file__).parents[2])]

from openroads.archive.client import Archive  # noqa: E402
from tests.archive.saying import NOW, gone, land, said  # noqa: E402


def tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(place: str, seed: int) -> None:
    random = Random(seed)
    with Archive.open(place, author_key=b"test key") as archive:
        tell("open")
        for number in range(10_000):
            posts = []
            for _ in range(20):
                name = str(random.randrange(400))
                when = NOW - timedelta(days=random.randrange(120))
                text = random.choice(("accu leeg na een jaar", "rem piept", f"zadel nummer {name}"))
                post = said(name, text, when, likes=number)
                posts.append(gone(post) if random.random() < 0.2 else post)
            last = {post.message.native_id: post for post in posts}
            land(archive, *posts)
            told = (f"{name}={int(post.message.op == 'upsert')}" for name, post in last.items())
            tell(" ".join((str(number), *told)))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
