"""While rows are exchanged nobody else writes any, whichever machine wants to."""

import pytest
from django.db import OperationalError, connections, transaction

from research.archive import rows
from research.models import Topic


@pytest.mark.django_db(transaction=True)
def test_who_saves_waits_until_the_exchange_has_ended():
    other = connections["default"].copy()
    insert = "INSERT INTO research_topic (name, slug, folded) VALUES ('Owls', 'owls', 'owls')"
    try:
        with other.cursor() as cursor:
            if other.vendor == "postgresql":
                cursor.execute("SET lock_timeout = '1ms'")
            with transaction.atomic():
                rows.lock({"research.topic": Topic})
                with pytest.raises(OperationalError, match="lock"):
                    cursor.execute(insert)
            cursor.execute(insert)
    finally:
        other.close()
    assert Topic.objects.get().name == "Owls"
