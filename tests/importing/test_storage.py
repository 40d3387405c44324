"""Records survive being stored, whatever they hold."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from research.citations.item import TYPES
from research.importing.review import NEW, Decision
from research.importing.storage import found_from_json, found_to_json
from research.sources.found import Found
from tests.citations.strategies import items

from .records import found


@given(
    st.builds(
        Found,
        st.sampled_from(TYPES).flatmap(items),
        st.just("BibTeX"),
        st.none() | st.integers(1, 9),
        st.booleans(),
        st.frozensets(st.integers(0, 3)),
        other_dois=st.just(("10.1000/x",)) | st.just(()),
    )
)
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=30, deadline=None)
def test_a_record_comes_back_as_it_was(record):
    assert found_from_json(json.loads(json.dumps(found_to_json(record)))) == record


def test_what_another_version_has_stored_is_left_out():
    stored = found_to_json(found())
    stored["item"]["colour"] = stored["mood"] = "blue"
    assert found_from_json(stored) == found()


def test_a_decision_comes_back_as_it_was():
    for decision in (Decision(), Decision(7, ("title",), {0: 3, 2: NEW}, 2020), Decision(NEW, ())):
        assert Decision.from_json(json.loads(json.dumps(decision.to_json()))) == decision
