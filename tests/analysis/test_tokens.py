"""Cutting posts into tokens keeps together what belongs together."""

from openroads.analysis.tokens import is_emoji, readable, split


def cut(text: str) -> list[str]:
    return split(readable(text).lower())


def test_apostrophes_hyphens_and_figures_stay_inside_words():
    assert cut("zo’n e-bike, foto's van de iPhone6") == [
        "zo'n", "e-bike", ",", "foto's", "van", "de", "iphone6",
    ]  # fmt: skip


def test_hashtags_mentions_and_links_are_one_token_each():
    assert cut("@Windmee #nooitmeer https://windmee.nl/a?b=c") == [
        "@windmee",
        "#nooitmeer",
        "https://windmee.nl/a?b=c",
    ]


def test_a_mail_address_is_left_out_and_is_no_mention():
    assert cut("mail marloes.degroot@example.org maar") == ["mail", "maar"]


def test_html_entities_are_read_as_their_sign():
    assert cut("service &amp; onderhoud") == ["service", "&", "onderhoud"]


def test_an_emoji_with_skin_tone_or_family_or_flag_is_one_token():
    assert cut("👍🏽👩‍👩‍👧🇳🇱❤️") == ["👍🏽", "👩‍👩‍👧", "🇳🇱", "❤️"]
    assert all(map(is_emoji, cut("👍🏽👩‍👩‍👧🇳🇱❤️")))


def test_emoticons_are_tokens_but_a_colon_in_a_word_is_not():
    assert cut("mooi :-) top;)") == ["mooi", ":-)", "top", ";)"]
    assert ":d" not in cut("type:double")


def test_a_price_and_a_time_stay_whole():
    assert cut("19,95 om 10:30") == ["19,95", "om", "10:30"]
