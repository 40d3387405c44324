from django.core.exceptions import ValidationError
from django.db import models


class Link(models.Model):
    """What the links of the profile, of publications and of projects share. The kind is each one's own."""

    label = models.CharField(
        max_length=60, blank=True, help_text="What visitors read, such as “Newsletter”. The kind where empty."
    )
    position = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True
        verbose_name = "link"
        ordering = ["position", "pk"]

    def __str__(self):
        return self.label or self.get_kind_display()

    def clean(self):
        if self.kind == self.Kind.OTHER and not self.label:
            raise ValidationError({"label": "Say what visitors shall read, such as “Newsletter”."})
