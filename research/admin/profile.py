from django.contrib import admin
from django.forms import TextInput
from django.http import HttpResponseRedirect
from django.urls import reverse

from ..models import Profile, ProfileLink
from .form_fields import FORM_FIELDS
from .ordering import OrderedInline
from .storing import StoringAdmin


class ProfileLinkInline(OrderedInline):
    model = ProfileLink
    fields = ["kind", "address", "label", "visible", "position"]


@admin.register(Profile)
class ProfileAdmin(StoringAdmin):
    """There is one profile, so its list leads straight to it, and it can be neither added nor deleted."""

    autocomplete_fields = ["person"]
    formfield_overrides = FORM_FIELDS
    inlines = [ProfileLinkInline]
    fieldsets = [
        (None, {"fields": ["name", "headline", "biography", "photo", "photo_alt"]}),
        (
            "About page",
            {
                "fields": [
                    ("photo_side", "photo_is_round"),
                    "accent_colour",
                    "projects_heading",
                    "projects_introduction",
                    "publications_heading",
                    "publications_introduction",
                    "selected_count",
                    "publications_grouped_by",
                ]
            },
        ),
        ("You in your publications", {"fields": ["person", "looks_for_works", "cv"]}),
    ]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        profile, _ = Profile.objects.get_or_create(pk=1)
        return HttpResponseRedirect(reverse("admin:research_profile_change", args=[profile.pk]))

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "accent_colour":
            kwargs["widget"] = TextInput(attrs={"type": "color"})
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name.endswith("_introduction"):
            field.widget.attrs["rows"] = 3
        if db_field.name in ("headline", "photo_alt"):
            field.widget.attrs["class"] = "vLargeTextField"
        if db_field.name == "person":  # nobody deletes themselves by a slip
            field.widget.can_delete_related = False
        return field
