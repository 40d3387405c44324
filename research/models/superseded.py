from django.db import models


class SupersededFile(models.Model):
    """A folder of a stored file that a record has given up: older versions of it show the file for a while."""

    folder = models.CharField(max_length=100, unique=True)  # with a slash behind it, as in a file's name
    since = models.DateTimeField(db_index=True)

    def __str__(self):
        return self.folder
