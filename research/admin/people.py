from django.contrib import admin, messages
from django.db.models import Count
from django.shortcuts import render
from django.utils import timezone

from .. import merging, roles
from ..models import Person, Profile, Topic
from .storing import StoringAdmin


@admin.register(Person)
class PersonAdmin(StoringAdmin):
    list_display = ["name", "orcid", "publication_count"]
    ordering = Person._meta.ordering  # said again: Django forgets a model's ordering where rows are counted
    actions = ["merge"]
    search_fields = ["given_name", "particle", "family_name", "other_spellings", "orcid"]
    fieldsets = [
        (None, {"fields": ["given_name", "family_name", "url", "orcid"]}),
        ("Rarely needed", {"classes": ["collapse"], "fields": ["particle", "suffix", "other_spellings"]}),
    ]

    @admin.action(description="Merge selected people into one", permissions=["change", "delete"])
    def merge(self, request, queryset):
        """Ask who is kept, and merge the others into that one when the answer comes."""
        people = list(queryset)
        if len(people) < 2:
            messages.warning(request, "Select two or more entries of the same person.")
            return None
        kept = next((person for person in people if str(person.pk) == request.POST.get("kept")), None)
        if kept is None:
            context = self.admin_site.each_context(request) | {"title": "Merge people", "people": people}
            return render(request, "admin/merge_people.html", context)
        try:
            merging.merge(people, kept, request.user)
        except merging.NotMerged as refusal:
            messages.error(request, str(refusal))
        else:
            self.log_change(request, kept, "Merged with other entries of the same person.")
            messages.success(request, f"{kept} is one person now, and keeps the works and the spellings of the others.")
        return None

    def save_model(self, request, person, form, change):
        super().save_model(request, person, form, change)
        if change and form.has_changed():
            merging.touch(person)

    def has_delete_permission(self, request, obj=None):
        """The person of the profile goes with a change of that."""
        if not super().has_delete_permission(request, obj):
            return False
        is_owner = obj is not None and Profile.objects.filter(person=obj).exists()
        return not is_owner or roles.may_change_profile(request.user)

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(publication_count=Count("authorships"))

    @admin.display(ordering="family_name")
    def name(self, person):
        return person.name

    @admin.display(description="publications", ordering="publication_count")
    def publication_count(self, person):
        return person.publication_count


@admin.register(Topic)
class TopicAdmin(StoringAdmin):
    list_display = ["name", "slug"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}

    def save_model(self, request, topic, form, change):
        super().save_model(request, topic, form, change)
        if change and form.has_changed():  # its publications show its name
            topic.publications.update(updated=timezone.now())
