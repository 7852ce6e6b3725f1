"""A process that copies an archive and says what came of it: `copying.py FOLDER`."""

import sys


def main(folder: str) -> None:
    from openroads.archive import whole
    from openroads.archive.client import Archive

    with Archive.open(folder, readers=1, bare=True) as archive:
        try:
            print(whole.copy_whole(archive))
        except whole.NotCopied as problem:
            print(f"NotCopied: {problem}")


if __name__ == "__main__":
    main(sys.argv[1])
