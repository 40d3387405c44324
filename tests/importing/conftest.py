import pytest

from research.importing.applying import Terms, apply
from research.importing.library import Library, meet
from research.importing.works import work


@pytest.fixture
def bring(db):
    """What the records bring to the site, as a `Result`; `decision` is the owner's, for each of them."""

    def bring(*founds, decision=None, **terms):
        return apply([(work(group), decision) for group in meet(founds)], Library(), Terms(**terms))

    return bring
