"""The owner's desk: Django's own admin, declared for each noun."""

from django.contrib import admin
from django.contrib.auth.models import Group
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from . import accounts, people, profile, projects, publications

__all__ = ["accounts", "people", "profile", "projects", "publications"]

# Roles take the place of groups (accounts.py), and second factors are everybody's own (portfolio/login/security.py).
admin.site.unregister([Group, StaticDevice, TOTPDevice])
