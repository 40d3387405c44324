import pytest
from hypothesis import given
from hypothesis import strategies as st

from research import colours


def test_contrast_is_that_of_the_guidelines():
    assert colours.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert colours.contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)
    assert colours.contrast("#336699", "#336699") == 1


def test_a_colour_that_can_be_read_stays_as_it_is():
    assert colours.accents("#0b6a80")[0] == "#0b6a80"


@given(st.integers(0, 0xFFFFFF))
def test_every_colour_becomes_readable_on_both_pages(number):
    light, dark = colours.accents(f"#{number:06x}")
    assert all(colours.contrast(light, background) >= 4.5 for background in colours.LIGHT)
    assert all(colours.contrast(dark, background) >= 6.5 for background in colours.DARK)


@pytest.mark.parametrize("wrong", ["", "red", "#12345", "#12345g", "#000000;} body{display:none"])
def test_what_is_no_colour_is_the_default_one(wrong):
    assert colours.accents(wrong) == colours.accents(colours.DEFAULT_ACCENT)


def test_the_backgrounds_are_those_of_the_stylesheet(settings):
    tokens = (settings.BASE_DIR / "static/css/tokens.css").read_text()
    for background, surface in (colours.LIGHT, colours.DARK):
        assert f"--background: {background};" in tokens
        assert f"--surface: {surface};" in tokens
