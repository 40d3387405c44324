"""Rows that are put in order by dragging, by buttons and by keyboard (static/js/order.js numbers their positions)."""

from django import forms
from django.contrib import admin


class OrderedForm(forms.ModelForm):
    """A row of an inline. Its number alone does not make an empty row a filled one."""

    @property
    def changed_data(self):
        changed = super().changed_data
        return changed if self.instance.pk else [name for name in changed if name != "position"]


class OrderedInline(admin.TabularInline):
    form = OrderedForm
    extra = 0
    classes = ["ordered"]
    after_fieldset = 0  # which fieldset it follows (templates/admin/research/change_form.html)

    class Media:
        js = ["js/order.js"]
