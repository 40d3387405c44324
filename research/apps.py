from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class ResearchConfig(AppConfig):
    name = "research"
    verbose_name = "Your site"
    default = True

    def ready(self):
        from . import checks, generation, media, models, roles
        from .history import recording
        from .models import publishable

        media.connect()
        recording.connect()
        publishable.connect(models.Publication, models.Project, models.Topic)
        generation.connect()
        roles.connect(self)
        checks.register()


class DeskConfig(admin_apps.AdminConfig):
    """Django's admin, with our order of things."""

    default = False
    default_site = "research.desk.Desk"
