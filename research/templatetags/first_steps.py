"""The first page of the admin: what is left to do until the site is finished, and the way in for publications."""

from django import template
from django.urls import reverse

from ..admin.importing import may_import
from ..example import load
from ..models import Import, Profile, Project, Publication

register = template.Library()


@register.inclusion_tag("admin/first_steps.html", takes_context=True)
def first_steps(context):
    """The steps to a finished site, or, while the example stands, how to begin one's own: for the owner alone."""
    if not context["request"].user.is_superuser:
        return {"finished": True}
    profile = Profile.current()
    edit_profile = reverse("admin:research_profile_change", args=[1])
    steps = [
        step("Write who you are", edit_profile, "name and biography", profile.name and profile.biography),
        step("Upload a photo", edit_profile, "of yourself", profile.photo),
        step("Add your links", edit_profile, "Email, Google Scholar, GitHub", profile.pk and profile.links.exists()),
        step(
            "Say which author you are",
            edit_profile,
            "so that your name is bold in your publications",
            profile.person_id,
        ),
        step("Add a publication", reverse("admin:research_publication_add"), "", Publication.objects.exists()),
        step("Add a project", reverse("admin:research_project_add"), "that you work on", Project.objects.exists()),
    ]
    return {
        "request": context["request"],
        "csrf_token": context.get("csrf_token"),
        "example": context["request"].user.is_superuser and load.example_is_present(),
        "steps": steps,
        "finished": all(step["done"] for step in steps),
    }


@register.inclusion_tag("admin/add_from_box.html", takes_context=True)
def add_from_box(context):
    """A field to ask the sources by, and the imports that wait for the owner, with how many records each."""
    request = context["request"]
    may = may_import(request)
    waiting = Import.objects.filter(finished=None)[:5] if may else []
    return {
        "csrf_token": context.get("csrf_token"),
        "may_import": may,
        "waiting": [(run, run.proposals.to_review().count()) for run in waiting],
    }


def step(title, url, hint, done):
    return {"title": title, "url": url, "hint": f"({hint})" if hint else "", "done": bool(done)}
