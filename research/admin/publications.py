import re

from django import forms
from django.contrib import admin, messages
from django.utils import timezone
from django.utils.html import format_html

from .. import authorship, citation_key
from ..importing import provenance
from ..importing.applying import label
from ..importing.works import ALL_FIELDS
from ..models import Authorship, Publication, PublicationLink
from .authorships import AuthorshipInline
from .form_fields import FORM_FIELDS, preview_url
from .importing import Importing
from .ordering import OrderedInline
from .publishing import SlugForm, visibility
from .sharing import DraftSharing
from .storing import StoringAdmin
from .thumbnails import ThumbnailChoice

# An author is a row of up to seven fields, and a form of more than DATA_UPLOAD_MAX_NUMBER_FIELDS could never be saved.
MOST_AUTHORS = 700
ABSTRACT_LABEL = re.compile(r"\A\s*Abstract\s*[:.]\s*", re.IGNORECASE)


class PublicationLinkInline(OrderedInline):
    model = PublicationLink
    after_fieldset = 1
    fields = ["kind", "url", "file", "label", "position"]
    formfield_overrides = FORM_FIELDS


class PublicationForm(SlugForm):
    new_authors = forms.CharField(
        label="Add authors",
        required=False,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Type or paste the names, as the paper has them: Jane Doe*, John Roe*, Richard Miles. A star marks "
        "equal contribution. Whoever is not known yet is added to the people.",
    )

    class Meta:
        labels = {"arxiv_id": "arXiv", "arxiv_class": "arXiv class"}  # Django would begin with a capital letter

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "citation_key" in self.fields:  # it is not in a form that may only be read
            self.fields["citation_key"].required = False
        self.lacks_citation_key = False

    def clean_new_authors(self):
        """The recognised authors: a list of (TypedAuthor, Person or None)."""
        try:
            typed = authorship.recognise(self.cleaned_data["new_authors"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        there = set(Authorship.objects.filter(publication=self.instance.pk).values_list("person", flat=True))
        count = len(there) + sum(person is None or person.pk not in there for _, person in typed)
        if typed and count > MOST_AUTHORS:
            raise forms.ValidationError(
                f"With these the publication has {count} authors; at most {MOST_AUTHORS} can be listed. Write the "
                "name of the group instead, such as {ATLAS Collaboration}."
            )
        return typed

    def clean_abstract(self):
        """The abstract as it is copied from arXiv, whose pages put the word before the text."""
        return ABSTRACT_LABEL.sub("", self.cleaned_data["abstract"])

    def clean(self):
        cleaned = super().clean()
        title = cleaned.get("title")
        if title and not cleaned.get("citation_key") and "citation_key" not in self.errors:
            # The first author is known when the authors are stored: PublicationAdmin.save_related makes the key anew.
            self.lacks_citation_key = True
            cleaned["citation_key"] = citation_key.unused(
                citation_key.make("", cleaned.get("year"), title), self.instance
            )
        return cleaned


def written_by(publication):
    """(who, names of fields) for everybody who wrote the publication's fields; nothing where nothing was imported."""
    if publication is None or not publication.sources:
        return []
    found = provenance.written_by(publication, (*ALL_FIELDS, "tldr", "award"))
    return [(writer, [label(name) for name in names]) for writer, names in sorted(found.items())]


@admin.register(Publication)
class PublicationAdmin(Importing, ThumbnailChoice, DraftSharing, StoringAdmin):
    form = PublicationForm
    list_display = ["picture", "__str__", "year", "where", "visibility", "selected"]
    list_display_links = ["__str__"]
    list_editable = ["selected"]
    list_filter = ["status", "selected", "type", "year", "topics"]
    search_fields = [
        "title",
        "venue",
        "venue_short",
        "arxiv_id",
        "doi",
        "citation_key",
        "authorships__person__family_name",
        "authorships__person__given_name",
    ]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["topics"]
    formfield_overrides = FORM_FIELDS
    inlines = [AuthorshipInline, PublicationLinkInline]
    fieldsets = [
        (None, {"fields": ["title", "new_authors"]}),
        (
            "The paper",
            {
                "fields": [
                    "arxiv_id",
                    ("year", "month", "day"),
                    ("type", "venue_short"),
                    "tldr",
                    "thumbnail",
                    "thumbnail_alt",
                    "abstract",
                ]
            },
        ),
        ("Where it is shown", {"fields": ["selected", "status", "publish_at"]}),
        (
            "Details of publication",
            {
                "classes": ["collapse"],
                "fields": [
                    "doi",
                    "url",
                    "pdf",
                    "topics",
                    "online_date",
                    "venue",
                    "event",
                    ("volume", "issue", "pages", "number"),
                    ("publisher", "place"),
                    "series",
                    "editors",
                    ("genre", "version"),
                    ("isbn", "issn"),
                    ("language", "license", "arxiv_class"),
                    ("award", "note"),
                    "notice",
                ],
            },
        ),
        ("Address and citation key", {"classes": ["collapse"], "fields": ["slug", "citation_key"]}),
    ]

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        return super().render_change_form(request, context | {"written_by": written_by(obj)}, *args, obj=obj, **kwargs)

    def get_changeform_initial_data(self, request):
        today = timezone.localdate()
        initial = {"year": today.year, "month": today.month, "selected": True}
        return initial | super().get_changeform_initial_data(request)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in ("title", "thumbnail_alt"):
            field.widget.attrs["class"] = "vLargeTextField"
        if db_field.name == "tldr":
            field.widget.attrs["rows"] = 3
        if db_field.name == "editors":
            field.widget.attrs["rows"] = 2
        return field

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if not isinstance(form, PublicationForm):  # a row of the list
            return
        publication = form.instance
        new_people = authorship.add_authors(publication, form.cleaned_data["new_authors"])
        if new_people:
            names = ", ".join(str(person) for person in new_people)
            messages.info(request, f"New among the people: {names}.")
        if form.lacks_citation_key:
            publication.citation_key = citation_key.for_publication(publication)
            publication.save()
        self.offer_thumbnail(request, publication)

    @admin.display(description="thumbnail")
    def picture(self, publication):
        url = preview_url(publication.thumbnail)
        return format_html('<img class="list-thumbnail" src="{}" alt="">', url) if url else ""

    @admin.display(description="status", ordering="status")
    def visibility(self, publication):
        return visibility(publication)

    @admin.display(description="venue", ordering="venue_short")
    def where(self, publication):
        return publication.venue_short or publication.venue or publication.get_type_display()
