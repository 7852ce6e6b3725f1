"""What a mail says itself: quoted history, signatures and the lines of telephones taken off, in five languages."""

import re
from typing import Final

# Where a reply ends and what it answers begins, as mail programs write it.
_CUTS: Final = re.compile(
    r"^[ \t]*(?:-{2,}|_{2,})?[ \t]*(?:original message|oorspronkelijk bericht|doorgestuurd bericht|"
    r"forwarded message|ursprüngliche nachricht|message d.origine|mensaje original)[ \t]*(?:-{2,}|_{2,}|:)?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_NAMED: Final = re.compile(
    r"^[ \t]*\*?(?:from|van|von|de)\*?[ \t]*:[^\n]{1,300}\n"
    r"(?:[ \t]*\*?(?:sent|date|verzonden|datum|gesendet|envoyé|enviado|to|aan|an|à|para|cc|subject|"
    r"onderwerp|betreff|objet|asunto)\*?[ \t]*:[^\n]{0,500}(?:\n|\Z)){2,}",
    re.IGNORECASE | re.MULTILINE,
)
_WROTE: Final = re.compile(
    r"^[ \t]*(?:on|op|am|le|el)\b[^\n]{5,200}(?:\n(?!>)[^\n]{1,200}){0,2}?"
    r"(?:wrote|schreef|schrieb|a écrit|escribió)\b[^\n:]{0,100}:[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_DELIMITER: Final = re.compile(r"^--[ \t]*$", re.MULTILINE)
_TELEPHONE: Final = re.compile(
    r"^[ \t]*(?:sent from (?:my|the)|verstuurd v(?:anaf|ia) mijn|verzonden v(?:anaf|ia|anuit)|"
    r"von meinem|gesendet von|envoyé de mon|get outlook for|outlook voor|enviado desde)\b[^\n]{0,120}$",
    re.IGNORECASE | re.MULTILINE,
)
_GREETING: Final = re.compile(
    r"^[ \t]*(?:met (?:vriendelijke|hartelijke|sportieve) groet(?:en|jes)?|vriendelijke groet(?:en)?|"
    r"hartelijke groet(?:en)?|groet(?:en|jes)?|mvg|hoogachtend|(?:kind|best|warm) regards|regards|"
    r"(?:yours )?sincerely|cheers|mit freundlichen grüßen|cordialement)[ \t]*[,.!]?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
MOST_SIGNATURE: Final = 15
"""Lines under a greeting that may be a signature; more are words."""
LONGEST_OF_ONE: Final = 90
"""Characters of a line of a signature."""
_EMPTY_LINES: Final = re.compile(r"\n{3,}")
_HTML_HISTORY: Final = re.compile(
    r"<(?:div|blockquote|hr|table|span|section)\b[^<>]{0,300}?(?:gmail_quote|gmail_signature|yahoo_quoted|moz-cite-prefix|"
    r"appendonsend|divRplyFwdMsg|OutlookMessageHeader|ms-outlook-mobile-signature|type=[\"']?cite)",
    re.IGNORECASE,
)


def own_words(text: str) -> str:
    """A mail's text without what it quotes and without its signature.

    Answers between the quoted lines stay. What has nothing but quotes comes back empty.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for cut in (_CUTS, _NAMED):
        if found := cut.search(text):
            text = text[: found.start()]
    text = _without_attribution(text)
    text = "\n".join(line for line in text.split("\n") if not line.lstrip().startswith(">"))
    for cut in (_DELIMITER, _TELEPHONE):
        if found := cut.search(text):
            text = text[: found.start()]
    text = _without_greeting(text)
    return _EMPTY_LINES.sub("\n\n", text).strip()


def without_quoted_html(html: str) -> str:
    """The page up to where the mail program put what is answered, or a signature."""
    found = _HTML_HISTORY.search(html)
    return html[: found.start()] if found else html


def _without_attribution(text: str) -> str:
    """Without "On Monday Daan wrote:". What follows goes too, unless it is quoted line by line: then
    the answers between the lines stay."""
    found = _WROTE.search(text)
    if not found:
        return text
    behind = text[found.end() :].lstrip("\n ")
    kept = _WROTE.sub("", text[found.end() :]) if behind.startswith(">") else ""
    return text[: found.start()] + kept


def _without_greeting(text: str) -> str:
    """Without the last greeting and the name under it, where nothing longer follows."""
    found = list(_GREETING.finditer(text))
    if not found:
        return text
    last = found[-1]
    below = [line for line in text[last.end() :].split("\n") if line.strip()]
    signs = len(below) <= MOST_SIGNATURE and all(len(line) <= LONGEST_OF_ONE for line in below)
    return text[: last.start()] if signs else text
