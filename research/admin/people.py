from django.contrib import admin
from django.db.models import Count

from ..models import Person, Topic


@admin.register(Person)
class PersonAdmin(admin.ModelAdmin):
    list_display = ["name", "orcid", "publication_count"]
    ordering = Person._meta.ordering  # said again: Django forgets a model's ordering where rows are counted
    search_fields = ["given_name", "particle", "family_name", "other_spellings", "orcid"]
    fieldsets = [
        (None, {"fields": ["given_name", "family_name", "url", "orcid"]}),
        ("Rarely needed", {"classes": ["collapse"], "fields": ["particle", "suffix", "other_spellings"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(publication_count=Count("authorships"))

    @admin.display(ordering="family_name")
    def name(self, person):
        return person.name

    @admin.display(description="publications", ordering="publication_count")
    def publication_count(self, person):
        return person.publication_count


@admin.register(Topic)
class TopicAdmin(admin.ModelAdmin):
    list_display = ["name", "slug"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
