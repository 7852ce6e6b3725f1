"""Terms group what belongs together and read well."""

import pytest

from openroads.analysis.pipeline import Analyser, Name

NAMES = (
    Name(1, "brand", ("Windmee", "@windmee")),
    Name(2, "product", ("Windmee Kade", "Kade"), 1),
    Name(3, "product", ("Polder",), 1),
)


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return Analyser(names=NAMES)


def shown(analyser: Analyser, text: str, hint: str = "nl") -> list[str]:
    return analyser.analyse([text], [hint]).term_shown


def keys(analyser: Analyser, text: str, hint: str = "nl") -> list[str]:
    return analyser.analyse([text], [hint]).term_keys


def test_compounds_stay_whole_and_pairs_read_as_written(analyser):
    found = shown(analyser, "Het winterbereik en de lange wachttijden bij de fietsenmaker")
    assert {"winterbereik", "wachttijd", "lange wachttijden", "fietsenmaker"} <= set(found)


def test_two_subjects_joined_by_a_small_word_are_one_term(analyser):
    assert "service aan huis" in shown(analyser, "Ik wil graag service aan huis voor mijn fiets")
    assert "terms of service" in shown(analyser, "I have read your terms of service", "en")


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("de fiets", "deze fietsen", "nl"),
        ("geleverd", "ze leverden", "nl"),
        ("de remmen", "mijn rem", "nl"),
        ("kapotte", "het is kapot", "nl"),
        ("the batteries", "my battery", "en"),
        ("delayed", "another delay", "en"),
        ("cancelled", "please cancel", "en"),
        ("fixed", "fixes", "en"),
        ("lange wachttijden", "een lange wachttijd", "nl"),
    ],
)
def test_inflections_share_a_key(analyser, one, other, language):
    assert set(keys(analyser, one, language)) & set(keys(analyser, other, language))


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [("geweldig", "geweld", "nl"), ("rekening", "rekenen", "nl"), ("customer", "custom", "en")],
)
def test_words_that_only_look_alike_do_not(analyser, one, other, language):
    assert not set(keys(analyser, one, language)) & set(keys(analyser, other, language))


def test_names_are_terms_in_their_own_form_and_are_not_taken_apart(analyser):
    found = analyser.analyse(["De Kade's zijn mooi", "windmee kade", "WINDMEE", "#polder"])
    assert found.term_keys[: found.term_offsets[1]] == ["Windmee Kade", "mooi"]
    assert found.products == [[2], [2], [], [3]]
    assert found.brands == [[1], [1], [1], [1]]
    assert found.term_keys.count("Windmee Kade") == 2
    assert "Polder" in found.term_keys


def test_a_mention_counts_for_the_brand_but_is_no_term(analyser):
    found = analyser.analyse(["@windmee mijn lader piept"])
    assert found.brands == [[1]]
    assert "Windmee" not in found.term_keys
    assert found.mentions == [["windmee"]]


def test_stopwords_numbers_links_and_letters_are_no_terms(analyser):
    assert keys(analyser, "ik heb er 3 van die x https://windmee.nl/accu en 12,50 voor u") == []


def test_a_pair_never_crosses_the_end_of_a_sentence(analyser):
    found = shown(analyser, "Kapotte lader. Nieuwe fiets, blauwe ketting")
    pairs = [term for term in found if " " in term]
    assert pairs == ["kapotte lader", "nieuwe fiets", "blauwe ketting"]


def test_a_hashtag_counts_as_its_word(analyser):
    assert keys(analyser, "#accu") == keys(analyser, "accu")


def test_a_term_counts_once_per_text(analyser):
    found = keys(analyser, "accu accu, accu's en nog een accu")
    assert len(found) == len(set(found))
    assert found.count(keys(analyser, "accu")[0]) == 1


def test_stretched_words_are_their_plain_selves(analyser):
    assert keys(analyser, "sloooow", "en") == keys(analyser, "slow", "en")
