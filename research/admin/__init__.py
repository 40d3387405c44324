"""The owner's desk: Django's own admin, declared for each noun."""

from django.contrib import admin
from django.contrib.auth.models import Group

from . import people, profile, projects, publications

__all__ = ["people", "profile", "projects", "publications"]

admin.site.unregister(Group)  # one owner, no groups
