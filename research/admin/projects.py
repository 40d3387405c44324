from django.contrib import admin

from ..models import Project, ProjectLink
from .form_fields import FORM_FIELDS
from .ordering import OrderedInline
from .publishing import SlugForm, visibility
from .sharing import DraftSharing
from .storing import StoringAdmin


class ProjectLinkInline(OrderedInline):
    model = ProjectLink
    fields = ["kind", "url", "label", "position"]


@admin.register(Project)
class ProjectAdmin(DraftSharing, StoringAdmin):
    form = SlugForm
    list_display = ["title", "phase", "years", "visibility", "position"]
    list_editable = ["position"]
    list_filter = ["phase", "status"]
    list_per_page = 200
    search_fields = ["title", "summary", "description"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["people", "publications"]
    formfield_overrides = FORM_FIELDS
    inlines = [ProjectLinkInline]
    fieldsets = [
        (None, {"fields": ["title", "summary", "phase"]}),
        (
            "Its own page",
            {
                "fields": [
                    "description",
                    "thumbnail",
                    "thumbnail_alt",
                    ("start_year", "end_year"),
                    "people",
                    "publications",
                ]
            },
        ),
        ("Visibility and address", {"classes": ["collapse"], "fields": [("status", "publish_at"), "slug", "position"]}),
    ]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in ("title", "summary", "thumbnail_alt"):
            field.widget.attrs["class"] = "vLargeTextField"
        return field

    @admin.display(description="status", ordering="status")
    def visibility(self, project):
        return visibility(project)

    class Media:
        js = ["js/order.js"]
