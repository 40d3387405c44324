"""What the forms and lists of publications and projects share: slugs that make themselves, and who may see a record."""

from django import forms

from .. import slugs


class SlugForm(forms.ModelForm):
    """A form that makes the slug from the title where it is empty, or where a script made it and it is taken."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:  # it is not in a form that may only be read
            self.fields["slug"].required = False

    def clean_slug(self):
        slug, title = self.cleaned_data["slug"], self.cleaned_data.get("title")
        made = slugs.make(title or "", self._meta.model._meta.model_name)
        is_new = self.instance.pk is None
        return slugs.unused(made, self.instance) if not slug or (is_new and slug == made) else slug


def visibility(record):
    """Who may see a record, in a word or two."""
    if record.status == record.Status.PUBLISHED and not record.is_public:
        return f"Hidden until {record.publish_at:%Y-%m-%d}"
    return record.get_status_display()
