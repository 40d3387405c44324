from django.contrib import admin

from ..models import Project, ProjectLink
from .form_fields import FORM_FIELDS
from .ordering import OrderedInline


class ProjectLinkInline(OrderedInline):
    model = ProjectLink
    fields = ["kind", "url", "label", "position"]


@admin.register(Project)
class ProjectAdmin(admin.ModelAdmin):
    list_display = ["title", "phase", "years", "status", "position"]
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

    class Media:
        js = ["js/order.js"]
