from django.db import models

from ..search import FoldedField
from .publishable import FormerSlug


class Topic(models.Model):
    """A subject that publications are filed under."""

    name = models.CharField(max_length=100, unique=True, help_text="Such as “AI safety” or “Causal inference”.")
    slug = models.SlugField(max_length=100, unique=True, help_text="Its part of the address, such as ai-safety.")

    folded = FoldedField("name")

    class Meta:
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=~models.Q(name="") & ~models.Q(slug=""), name="topic_is_named")]

    def __str__(self):
        return self.name


class FormerTopicSlug(FormerSlug):
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="former_slugs")
