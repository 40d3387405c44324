"""The authors of a publication, as rows of its form."""

from django.contrib.admin.widgets import AutocompleteSelect

from ..models import Authorship
from .ordering import OrderedForm, OrderedFormSet, OrderedInline, is_to_go


class PersonSelect(AutocompleteSelect):
    """Django's own asks the database for each row's person; here the row brings its person along."""

    chosen = None

    def optgroups(self, name, value, attr=None):
        if self.chosen is None or value != [str(self.chosen.pk)]:
            return super().optgroups(name, value, attr)
        return [(None, [self.create_option(name, self.chosen.pk, str(self.chosen), True, 0)], 0)]


class AuthorshipForm(OrderedForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and "person" in self.fields:
            self.fields["person"].widget.widget.chosen = self.instance.person


class AuthorshipFormSet(OrderedFormSet):
    """Authors of one publication, each of them once."""

    def get_unique_error_message(self, unique_check):
        return "A person is among the authors twice. Remove one of the two rows."

    def get_form_error(self):
        return "This person is among the authors already."

    def clean(self):
        super().clean()
        rows = [form for form in self.forms if form.instance.person_id and not is_to_go(form)]
        shown = [form.instance.pk for form in self.initial_forms]
        others = Authorship.objects.filter(publication=self.instance.pk).exclude(pk__in=shown)
        elsewhere = set(others.values_list("person", flat=True))
        for form in rows:  # added in another window since this one was opened
            if form.instance.person_id in elsewhere:
                form.add_error("person", self.get_form_error())

    def save_existing_objects(self, commit=True):
        """Rows that go, and rows that get another person, make room first: two of them may change places."""
        moved = [
            form.instance.pk for form in self.initial_forms if form.has_changed() and "person" in form.changed_data
        ]
        going = [form.instance.pk for form in self.deleted_forms]
        Authorship.objects.filter(pk__in=moved + going).delete()
        return super().save_existing_objects(commit)


class AuthorshipInline(OrderedInline):
    model = Authorship
    form = AuthorshipForm
    formset = AuthorshipFormSet
    fields = ["person", "equal_contribution", "corresponding", "position"]
    autocomplete_fields = ["person"]
    verbose_name_plural = "authors"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("person")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "person":
            kwargs["widget"] = PersonSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "person":  # correct or add somebody from here; the rest is done among the people
            field.widget.can_delete_related = field.widget.can_view_related = False
        return field
