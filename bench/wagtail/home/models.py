"""The same page as a Wagtail site would have it: a home page with its publications in their order."""

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Page


def picture():
    return models.ForeignKey("wagtailimages.Image", null=True, on_delete=models.SET_NULL, related_name="+")


class HomePage(Page):
    headline = models.CharField(max_length=200)
    photo = picture()
    biography = RichTextField()
    links = RichTextField()
    projects = RichTextField()

    content_panels = (
        *Page.content_panels,
        *map(FieldPanel, ("headline", "photo", "biography", "links", "projects")),
        InlinePanel("publications"),
    )


class Publication(Orderable):
    page = ParentalKey(HomePage, on_delete=models.CASCADE, related_name="publications")
    title = models.CharField(max_length=500)
    url = models.CharField(max_length=500)
    authors = models.TextField()
    venue = models.CharField(max_length=200)
    tldr = RichTextField()
    links = RichTextField()
    thumbnail = picture()
    alt = models.TextField()
