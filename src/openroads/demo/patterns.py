"""What is loud at Windmee, who is alerted to it, and how well that was found on its own half year."""

from datetime import timedelta

from django.utils import timezone

from openroads.demo import people
from openroads.directory.models import Person, Team
from openroads.listening.patterns import actions
from openroads.listening.patterns.looking import look
from openroads.listening.patterns.models import Pattern, PatternReading
from openroads.listening.patterns.trying import try_by_hour, try_detector
from openroads.listening.patterns.wording import look_for_words

ROUNDS = 4


def find_patterns() -> int:
    """Look as the house does every hour, and let colleagues say what they think of what was found;
    returns how many patterns there are."""
    now = timezone.now()
    look(now=now)
    look_for_words(now=now)
    noor = Person.objects.get(email=people.NOOR.email)
    sanne = Person.objects.get(email=people.SANNE.email)
    desk = Team.objects.filter(name="PR desk").first()
    actions.add_rule(by=sanne, least=20)
    if desk is not None:
        actions.add_rule(by=noor, team=desk, least=40, mail=False)
    found = list(Pattern.objects.exclude(what="word").order_by("-in_time", "pk"))
    for pattern in found:
        verdict = PatternReading.Verdict.USEFUL if pattern.what in ("topic", "brand") else PatternReading.Verdict.NOT_INTERESTING  # fmt: skip
        actions.judge(by=sanne, pattern=pattern, verdict=verdict)
    for pattern in found[:1]:
        actions.see(by=noor, pattern=pattern)
    try_detector(rounds=ROUNDS)
    try_by_hour(rounds=1)
    PatternReading.objects.update(seen_at=now - timedelta(minutes=40))
    return Pattern.objects.count()
