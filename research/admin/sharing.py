"""The page on which the owner takes a link to a draft, for somebody without an account, or withdraws all of them."""

import datetime

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from .. import draft_links


class DraftSharing(admin.ModelAdmin):
    """What the admin of a publishable model has for it: an address, to which its form links while it is a draft."""

    def get_urls(self):
        view = self.admin_site.admin_view(require_http_methods(["GET", "POST"])(self.share))
        return [path("<int:pk>/share/", view, name=f"research_{self.opts.model_name}_share"), *super().get_urls()]

    def share(self, request, pk):
        """Show a link for the days that are asked for (GET); end all links that there are (POST)."""
        record = self.model.objects.filter(pk=pk).first()
        if record is None:
            raise Http404
        if not self.has_change_permission(request, record):
            raise PermissionDenied
        if request.method == "POST":
            draft_links.withdraw(record)
            self.log_change(request, record, "Withdrew the links to the draft.")
            messages.success(request, "No link that was made before works any more. The one below is a new one.")
            return HttpResponseRedirect(request.path)
        asked = request.GET.get("days", "")
        days = int(asked) if asked in map(str, draft_links.DAYS) else draft_links.USUAL_DAYS
        until = timezone.now() + datetime.timedelta(days=days)
        context = self.admin_site.each_context(request) | {
            "title": "Show the draft to somebody",
            "opts": self.opts,
            "original": record,
            "days": days,
            "choices": draft_links.DAYS,
            "until": until,
            "url": settings.SITE_URL + draft_links.path(record, until),
        }
        return render(request, "admin/share_draft.html", context)
