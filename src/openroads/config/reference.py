"""The page of all settings for the documentation, made from the declared list."""

from openroads.config.env import SETTINGS


def settings_reference() -> str:
    """docs/reference/settings.md, whole: a Markdown table with one row per setting."""
    lines = [
        "# Settings",
        "",
        "Openroads is set by variables of the environment; none is needed to start. A secret can",
        "also be handed over in a file: `OPENROADS_SECRET_KEY_FILE=/run/secrets/key`. A value that",
        "cannot be read stops the start with a sentence that says how to mend it.",
        "",
        "This page is made from `openroads.config.env`; a test holds the two together.",
        "",
        "| Variable | Kind | Default | What it does |",
        "|---|---|---|---|",
    ]
    for setting in SETTINGS:
        kind = " or ".join(setting.choices) if setting.choices else setting.kind
        kind += ", secret (`_FILE` too)" if setting.secret else ""
        default = f"`{setting.default}`" if setting.default else ""
        words = setting.help.replace("|", "\\|")
        lines.append(f"| `{setting.variable}` | {kind} | {default} | {words} |")
    return "\n".join(lines) + "\n"
