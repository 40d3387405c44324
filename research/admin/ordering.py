"""Rows that are put in order by dragging, by buttons and by keyboard (static/js/order.js numbers their positions)."""

from django import forms
from django.contrib import admin

LAST = 1_000_000  # so that there is room behind every row, whatever the database's integers are


class OrderedForm(forms.ModelForm):
    """A row of an inline. Its number alone does not make an empty row a filled one."""

    def clean_position(self):
        return min(self.cleaned_data["position"], LAST)

    @property
    def changed_data(self):
        changed = super().changed_data
        return changed if self.instance.pk else [name for name in changed if name != "position"]


class OrderedFormSet(forms.BaseInlineFormSet):
    def clean(self):
        super().clean()
        # Django marks a row that is no longer there by an error of its hidden key, which no page shows.
        if any(self._pk_field.name in form.errors and not is_to_go(form) for form in self.initial_forms):
            raise forms.ValidationError(
                "A row was removed meanwhile, in another window. Copy what you have typed, and open this page anew."
            )


def is_to_go(form):
    """Whether the row's "Delete?" is ticked."""
    return form.cleaned_data.get("DELETE", False)


class OrderedInline(admin.TabularInline):
    form = OrderedForm
    formset = OrderedFormSet
    extra = 0
    classes = ["ordered"]
    after_fieldset = 0  # which fieldset it follows (templates/admin/research/change_form.html)

    class Media:
        js = ["js/order.js"]
