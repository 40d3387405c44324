import pytest
from django.core.exceptions import ValidationError

from research.models.dates import PartialDate, check_partial_date


@pytest.mark.parametrize(
    ("date", "iso", "words"),
    [
        ((2024,), "2024", "2024"),
        ((2024, 5), "2024-05", "May 2024"),
        ((2024, 5, 7), "2024-05-07", "7 May 2024"),
        ((2023, 2, 29), "2023-02-29", "29 February 2023"),  # which only an import could bring in
    ],
)
def test_a_date_is_written_as_far_as_it_is_known(date, iso, words):
    assert (PartialDate(*date).iso, str(PartialDate(*date))) == (iso, words)


@pytest.mark.parametrize("date", [(2024, None, None), (2024, 2, 29), (2023, 12, 31), (None, None, None), (None, 2, 30)])
def test_a_date_that_a_calendar_has_is_accepted(date):
    check_partial_date(*date)


@pytest.mark.parametrize(
    ("date", "field", "sentence"),
    [
        ((2023, 2, 29), "day", "There is no day 29 in this month."),
        ((2023, None, 3), "month", "Give the month too, or leave the day empty."),
        ((2023, 0, None), "month", "Count from 1, or leave it empty."),
        ((2023, 4, 0), "day", "Count from 1, or leave it empty."),
    ],
)
def test_a_date_that_no_calendar_has_is_refused_with_a_sentence(date, field, sentence):
    with pytest.raises(ValidationError) as error:
        check_partial_date(*date)
    assert error.value.message_dict == {field: [sentence]}
