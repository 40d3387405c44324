"""How texts are made alike for searching."""

import pytest

from research.search import MOST_WORDS, fold, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Clíodhna Ní Ghuidhir", "cliodhna ni ghuidhir"),
        ("ATTENTION", "attention"),
        ("Straße", "strasse"),
        ("STRASSE", "strasse"),
        ("Ångström", "angstrom"),
        ("A\u030angstro\u0308m", "angstrom"),  # the same with combining marks
        ("Łukasz Øre Đặng", "lukasz ore dang"),
        ("Þórr, Guðrún", "thorr, gudrun"),
        ("Æsop’s œuvre", "aesop's oeuvre"),
        ("Dieyi Yıldız, İstanbul", "dieyi yildiz, istanbul"),
        ("ﬁne eﬃcient", "fine efficient"),
        ("Ὀδυσσεύς", "οδυσσευσ"),
        ("ΟΔΥΣΣΕΥΣ", "οδυσσευσ"),
        ("深層学習", "深層学習"),
        ("ｆｕｌｌ　ｗｉｄｔｈ", "full width"),
        ("ガラス", "ガラス".replace("ガ", "カ")),
        ("𝐀 and ℝ²", "a and r2"),  # as maths in a title is written
        ("™ №", "tm no"),
        ("Navier–Stokes", "navier-stokes"),
        ("state‑of‑the‑art", "state-of-the-art"),
        ("O’Brien", "o'brien"),
        ("co\u00adop\u200berate", "cooperate"),
        ("  two \n\t blanks\u00a0here ", "two blanks here"),
        ("", ""),
    ],
)
def test_a_folded_text_is_as_somebody_in_a_hurry_types_it(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize("text", ["Clíodhna", "Straße", "ΟΔΥΣΣΕΥΣ", "𝐀 ℝ ™", "İı", "ガ", "Đặng", "O’Brien–Æ"])
def test_a_folded_text_stays_as_it_is_when_folded_again(text):
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Owl  flight", ["owl", "flight"]),
        ("“reversal curse”, *Ní*;", ["reversal", "curse", "ni"]),
        ("owl OWL Öwl", ["owl"]),
        ("100%_", ["100%_"]),
        ("$x^2$ growth", ["x2", "growth"]),  # "x²" is found by it
        (' ,;*"', []),
        ("", []),
    ],
)
def test_a_question_is_asked_word_by_word(question, found):
    assert words(question) == found


def test_a_question_has_a_limited_number_of_words():
    assert words(" ".join(f"w{n}" for n in range(500))) == [f"w{n}" for n in range(MOST_WORDS)]
