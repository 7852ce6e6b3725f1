"""Compiles the message catalogues (.po to .mo) whenever the package is built, so that no machine needs gettext."""

from pathlib import Path

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run by hand (make setup), where the build backend is not installed
    BuildHookInterface = object


def compile_catalogues(root: Path) -> list[Path]:
    """Write each newer .po beside itself as .mo; returns those written."""
    written = []
    for po in sorted(root.glob("src/openroads/*/locale/*/LC_MESSAGES/*.po")):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        from babel.messages.mofile import write_mo
        from babel.messages.pofile import read_po

        with po.open("rb") as source:
            catalogue = read_po(source, locale=po.parts[-3])
        with mo.open("wb") as target:
            write_mo(target, catalogue)
        written.append(mo)
    return written


class CustomBuildHook(BuildHookInterface):
    def initialize(self, version, build_data):
        compile_catalogues(Path(self.root))


if __name__ == "__main__":
    compile_catalogues(Path(__file__).parent)
