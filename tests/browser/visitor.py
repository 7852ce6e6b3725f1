"""A visitor: one browser context that writes down whatever is wrong with the pages it sees."""

from typing import Any

STRICT = ("default-src 'self'", "script-src 'self'", "style-src 'self'", "object-src 'none'",
          "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'")  # fmt: skip


class Visitor:
    """Somebody who looks at `address` in a language, light and width. `faults` is what they met."""

    def __init__(
        self, browser: Any, address: str, *, language: str = "en", light: str = "light",
        width: int = 1440, script: bool = True,
    ) -> None:  # fmt: skip
        self.address = address
        self.faults: list[str] = []
        self.expected: set[int] = set()
        """Statuses that are no fault here, such as 400 for a form with a mistake."""
        self.context = browser.new_context(
            base_url=address,
            locale={"nl": "nl-NL", "en": "en-GB"}[language],
            color_scheme=light,
            reduced_motion="reduce",  # a message that is still appearing has the contrast of no page
            viewport={"width": width, "height": 900},
            java_script_enabled=script,
            accept_downloads=True,
        )
        self.context.set_default_timeout(20_000)
        self.page = self.context.new_page()
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        self.page.on("response", self._answered)

    def _said(self, message: Any) -> None:
        if message.type not in ("error", "warning"):
            return
        if any(f"status of {status}" in message.text for status in self.expected):
            return
        self.faults.append(f"console {message.type} on {self.page.url}: {message.text}")

    def _answered(self, response: Any) -> None:
        if not response.url.startswith(self.address):
            self.faults.append(f"asked outside the house: {response.url}")
            return
        if response.status >= 400 and response.status not in self.expected:
            self.faults.append(f"{response.status} for {response.url}")
        policy = response.headers.get("content-security-policy", "")
        missing = [part for part in STRICT if part not in policy]
        if missing or "unsafe" in policy:
            self.faults.append(f"policy of {response.url}: {policy!r}")

    def enter_as(self, name: str) -> None:
        """Through the demo's door."""
        self.page.goto("/account/login/")
        self.page.locator("ul.doors button", has_text=name).click()
        # Home is the front page, or for who answers people the inbox.
        self.page.wait_for_url(lambda url: "/account/login" not in url and "/demo/enter" not in url)

    def leave(self) -> None:
        self.context.close()

    def heading(self) -> str:
        return str(self.page.locator("main h1").inner_text())

    def focused(self) -> str:
        """What has the focus, in the words a screen reader would say (near enough)."""
        return str(self.page.evaluate(FOCUSED))

    def tab_to(self, words: str, *, most: int = 80, key: str = "Tab") -> None:
        """Press Tab until what has the focus says `words`; never a click."""
        met = []
        for _step in range(most):
            self.page.keyboard.press(key)
            met.append(self.focused())
            if words.lower() in met[-1].lower():
                assert self.page.evaluate(SEEN), f"the focus on {met[-1]} cannot be seen"
                return
        raise AssertionError(f"the keyboard does not reach {words!r}; it met {met}")


FOCUSED = """() => {
  const on = document.activeElement;
  if (!on || on === document.body) return "(body)";
  const label = on.labels && on.labels.length ? on.labels[0].innerText : "";
  return [on.tagName.toLowerCase(), on.type || "", on.getAttribute("aria-label") || label || on.textContent.trim(),
          on.getAttribute("name") || ""].join(" ").slice(0, 160);
}"""
"""What has the focus and how it is called."""

SEEN = """() => {
  const on = document.activeElement, box = on.getBoundingClientRect();
  if (box.width < 1 || box.height < 1) return false;
  const style = getComputedStyle(on);
  const ring = parseFloat(style.outlineWidth) > 0 && style.outlineStyle !== "none";
  if (!ring && style.boxShadow === "none" && !on.matches("input, select, textarea, svg *")) return false;
  const x = box.left + Math.min(box.width / 2, 20), y = box.top + box.height / 2;
  return y >= 0 && y <= innerHeight && x >= 0 && x <= innerWidth;
}"""
"""Whether the focus shows: a ring, inside the window."""
