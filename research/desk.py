"""The admin site itself. It stands outside of admin/: Django builds it before that package can be imported."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.shortcuts import redirect
from django.urls import reverse

# What the owner comes for most often stands first.
ORDER = ["Publication", "Project", "Profile", "Person", "Topic"]


class Desk(admin.AdminSite):
    """Django's admin site, with the site's content before its users."""

    site_header = site_title = "Research Portfolio"
    index_title = "Your site"

    def get_urls(self):
        from portfolio.login.urls import login_urls

        return login_urls(self.admin_view) + super().get_urls()

    def login(self, request, extra_context=None):
        """Django's own login page, with what portfolio/login adds to it."""
        from django.contrib.admin.forms import AdminAuthenticationForm

        from portfolio.login.views import PasswordStep

        if request.method == "GET" and self.has_permission(request):
            return redirect("admin:index")
        asked = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME)
        context = self.each_context(request) | {
            "title": "Log in",
            "app_path": request.get_full_path(),
            "username": request.user.get_username(),
            "passkeys_work": settings.PASSKEYS_WORK,
            REDIRECT_FIELD_NAME: asked or reverse("admin:index"),
        }
        view = PasswordStep.as_view(
            extra_context=context | (extra_context or {}),
            authentication_form=AdminAuthenticationForm,
            template_name="admin/login.html",
        )
        return view(request)

    def password_change(self, request, extra_context=None):
        """Django's own page, on which the old password is guessed no more often than at the login."""
        from portfolio.login import browsers, guesses, notices

        if request.method != "POST":
            return super().password_change(request, extra_context)
        guess = guesses.Guess(request, request.user.get_username())
        request.try_again_at = guess.count()
        if request.try_again_at:
            return guesses.refused(request)
        response = super().password_change(request, extra_context)
        is_changed = response.status_code == 302
        if is_changed or "old_password" not in response.context_data["form"].errors:
            guess.forget()
        if is_changed:
            browsers.remember(request, response, request.user)
            notices.send(request.user, "The password was changed.")
        return response

    def get_app_list(self, request, app_label=None):
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=lambda model: ORDER.index(name) if (name := model["object_name"]) in ORDER else 99)
        return sorted(apps, key=lambda app: app["app_label"] != "research")
