"""How long a source may be silent, by golden numbers and by what must always hold."""

from hypothesis import given
from hypothesis import strategies as st

from openroads.analysis.silence import FEWEST, MOST, usual_silence


def test_twice_the_longest_of_its_last_silences() -> None:
    hourly = [3600.0 * n for n in range(30)]
    assert usual_silence(hourly) == 7200
    assert usual_silence([*hourly, 29 * 3600.0 + 10 * 3600]) == 72_000, (
        "a night of ten hours is usual"
    )


def test_too_few_silences_say_nothing() -> None:
    moments = [float(n) for n in range(FEWEST)]
    assert usual_silence(moments) is None
    assert usual_silence([*moments, float(FEWEST)]) == 2


def test_what_was_usual_long_ago_is_forgotten() -> None:
    once_slow = [-1_000_000.0, *(60.0 * n for n in range(MOST + 1))]
    assert usual_silence(once_slow) == 120


@given(st.lists(st.integers(0, 10**9), min_size=30, max_size=150, unique=True), st.randoms())
def test_order_and_repetition_do_not_matter_and_no_past_silence_is_unusual(
    moments: list[int], dice: object
) -> None:
    shuffled = [*moments, *moments[:5]]
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    found = usual_silence([float(n) for n in shuffled])
    ordered = sorted(moments)
    longest = max(b - a for a, b in zip(ordered, ordered[1:], strict=False))
    assert found == 2 * longest
