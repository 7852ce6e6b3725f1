"""What emoji and emoticons say about feeling, in any language."""

from openroads.analysis.tokens import is_emoji

_FEELING = {
    0.9: "😍 🥰 🤩 ❤ 💖 💕 💗 💓 💘 💝 🏆 🎉 🥳",
    0.7: "😀 😃 😄 😁 😊 ☺ 🙂 😇 🤗 👏 👍 👌 💪 🙌 😘 😻 💯 🌟 ⭐ ✨ 🧡 💛 💚 "
    "💙 💜 🤍 🖤 🌹 💐 🥇 🎊 🫶",
    0.4: "😎 😋 🙏 ✅ ✔ 😌 😉 🤝 🌞 ☀ 🌸 🌷 🍀 😆 🤞",
    0.2: "😂 🤣 😅 😜 😝 😛",
    -0.3: "😕 😐 😑 😬 🤔 😶 😳 🥴 😮 😯 🤨 🤷 🤦 😏 ⚠ ⏳ ⌛ 🐌 😴 💤",
    -0.5: "🙁 ☹ 😞 😔 😟 😓 😥 😢 😰 😨 😧 😦 💔 ❌ 🙄 😒 😣 😖 🥺 🫠",
    -0.8: "😡 😠 🤬 😤 👎 😭 😩 😫 🤮 🤢 💩 😱 😾 🖕 👿 💀 🗑 🤯",
}
EMOJI = {face: value for value, faces in _FEELING.items() for face in faces.split()}
_MARKS = {
    0.8: "<3",
    0.7: ":d :-d =d :)) :-))",
    0.6: ":) :-) =)",
    0.5: ":]",
    0.4: ";) ;-) ;))",
    0.3: ":p :-p",
    -0.3: ":| :-|",
    -0.4: ":/ :-/",
    -0.6: ":( :-( =( :[",
    -0.7: ":'( :'-( :(( :-((",
}
EMOTICONS = {mark: value for value, marks in _MARKS.items() for mark in marks.split()}
IRONIC = frozenset({"🙄", "😒", "🤡", "🙃", "😑", "🤦"})
"""Behind praise these say the opposite."""


def feeling(token: str) -> float:
    """The feeling of one emoji or emoticon token, -1..1; 0 for any other token."""
    if token in EMOTICONS:
        return EMOTICONS[token]
    return EMOJI.get(token[0], 0.0) if is_emoji(token) else 0.0
