"""What all public pages have in common."""

from functools import wraps

from django.contrib.auth.decorators import user_passes_test
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from ..models import Profile


def page(view):
    """A view that only reads. What staff sees may hold drafts, so no cache may keep it."""

    @require_safe
    @wraps(view)
    def wrapped(request, *args, **kwargs):
        return private_for_staff(request, view(request, *args, **kwargs))

    return wrapped


# Whose site it is; anybody else is asked to log in.
for_owner = user_passes_test(lambda user: user.is_active and user.is_superuser, login_url="admin:login")


def request_profile(request):
    """The profile, fetched once for the page and the frame around it."""
    if not hasattr(request, "profile"):
        request.profile = Profile.current()
    return request.profile


def private_for_staff(request, response):
    """The response, which no cache may keep where it was made for staff."""
    if request.user.is_staff:
        response["Cache-Control"] = "private, no-store"
    return response


def find(records, slug, user):
    """
    (record, None), or (None, a redirect to where the record is now), or (None, None) where there is nothing to see.

    `records` is a queryset of a publishable model; what `user` may not see does not exist.
    """
    visible = records.visible_to(user)
    if record := visible.filter(slug=slug).first():
        return record, None
    moved = visible.filter(former_slugs__slug=slug).first()
    return None, moved_to(moved) if moved else None


def moved_to(where):
    """The permanent redirect to a record or an address. A browser must ask again: what has moved may move back."""
    response = redirect(where, permanent=True)
    response["Cache-Control"] = "no-cache"
    return response
