"""What the forms and lists of publications and projects share: slugs that make themselves, and who may see a record."""

from django import forms
from django.db.models import Q
from django.utils.text import slugify

from .. import markup


class SlugForm(forms.ModelForm):
    """A form that makes the slug from the title where it is empty, or where a script made it and it is taken."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:  # it is not in a form that may only be read
            self.fields["slug"].required = False

    def clean_slug(self):
        slug, title = self.cleaned_data["slug"], self.cleaned_data.get("title")
        made = slugify(markup.plain(title or ""))[:90] or self._meta.model._meta.model_name
        is_new = self.instance.pk is None
        return unused_slug(made, self.instance) if not slug or (is_new and slug == made) else slug


def unused_slug(slug, record):
    """The slug, with a number behind it where another record of the kind has it already or had it before."""
    others = type(record)._default_manager.exclude(pk=record.pk)
    endings = ["", *(f"-{number}" for number in range(2, 1000))]
    slugs = (slug + ending for ending in endings if slug + ending not in record.RESERVED_SLUGS)
    return next(found for found in slugs if not others.filter(Q(slug=found) | Q(former_slugs__slug=found)).exists())


def visibility(record):
    """Who may see a record, in a word or two."""
    if record.status == record.Status.PUBLISHED and not record.is_public:
        return f"Hidden until {record.publish_at:%Y-%m-%d}"
    return record.get_status_display()
