"""The admin site itself. It stands outside of admin/: Django builds it before that package can be imported."""

from django.contrib import admin

# What the owner comes for most often stands first.
ORDER = ["Publication", "Project", "Profile", "Person", "Topic"]


class Desk(admin.AdminSite):
    """Django's admin site, with the site's content before its users."""

    site_header = site_title = "Research Portfolio"
    index_title = "Your site"

    def get_app_list(self, request, app_label=None):
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=lambda model: ORDER.index(name) if (name := model["object_name"]) in ORDER else 99)
        return sorted(apps, key=lambda app: app["app_label"] != "research")
