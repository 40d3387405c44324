from django.db import models


class CheckedLink(models.Model):
    """
    What an address of another site answered when it was asked last.

    It is no content: no page shows it, so its table's name does not begin as theirs do, and writing it leaves the pages
    that are kept in memory (`generation`).
    """

    url = models.CharField(max_length=2000)
    checked = models.DateTimeField()
    status = models.PositiveSmallIntegerField(default=0)  # of HTTP; 0 where there was no answer
    problem = models.CharField(max_length=300, blank=True)  # a sentence; "" where the link is alive
    failures = models.PositiveIntegerField(default=0)  # how many times in a row there was a problem

    class Meta:
        db_table = "checked_link"
        ordering = ["url"]

    def __str__(self):
        return self.url
