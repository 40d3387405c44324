"""All addresses: the admin's, and research's for everything else."""

from django.contrib import admin
from django.urls import include, path

from research.views import example, health, markdown

urlpatterns = [
    path("admin/markdown/preview/", markdown.preview, name="markdown_preview"),
    path("admin/markdown/upload/", markdown.upload, name="markdown_upload"),
    path("admin/example/remove/", example.remove_example, name="remove_example"),
    path("admin/health/", health.site_health, name="site_health"),
    path("admin/", admin.site.urls),
    path("", include("research.urls")),
]

handler400 = "research.views.refusals.bad_request"
handler403 = "research.views.refusals.permission_denied"
handler404 = "research.views.errors.not_found"
handler500 = "research.views.errors.server_error"
