from django.db import models


class DraftKey(models.Model):
    """
    What the links to a draft must name to be valid; "" where there is no row. Another key ends all links to it.

    The record is named by its UUID: it has no column for this, which a copy, an import or an older version could bring
    back.
    """

    record = models.UUIDField(unique=True)
    key = models.CharField(max_length=32)

    def __str__(self):
        return str(self.record)
