"""Where mail to the owner goes."""

from django.contrib.auth import get_user_model

from .models import ProfileLink


def addresses():
    """The addresses of those who run the site, else the one that the profile shows; [] where none is known."""
    users = get_user_model().objects.filter(is_superuser=True, is_active=True).exclude(email="")
    found = list(users.values_list("email", flat=True))
    link = ProfileLink.objects.filter(kind=ProfileLink.Kind.EMAIL).first()
    return found or ([link.address] if link else [])
