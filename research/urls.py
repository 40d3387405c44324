from django.contrib.sitemaps.views import sitemap
from django.urls import path, re_path

from .feeds import NewsFeed, PublicationFeed
from .sitemaps import SITEMAPS
from .views import about, catalogue, drafts, formats, media, projects, publications, records, site, stylesheet, unapi

urlpatterns = [
    path("", about.about, name="about"),
    path("publications/", publications.publication_list, name="publication_list"),
    path("publications/page/<int:number>/", publications.publication_list, name="publication_list_page"),
    path("publications/feed.xml", PublicationFeed(), name="publication_feed"),
    path("publications.<slug:extension>", formats.list_file, name="publication_list_file"),
    path("publications/<slug:slug>/", records.publication, name="publication"),
    path("publications/<slug:slug>/linkset", records.link_set, name="linkset"),
    path("publications/<slug:slug>/linkset.json", records.link_set, {"as_json": True}, name="linkset_json"),
    path("publications/<slug:slug>/preview-<slug:digest>.png", records.preview, name="preview"),
    path("publications/<slug:slug>/<slug:name>.<slug:extension>", formats.record_file, name="publication_file"),
    re_path(r"^doi/(?P<doi>10\..+)$", formats.by_doi, name="by_doi"),
    re_path(r"^arxiv/(?P<identifier>.+)$", formats.by_arxiv, name="by_arxiv"),
    path("unapi", unapi.unapi, name="unapi"),
    path("projects/", projects.project_list, name="project_list"),
    path("projects/<slug:slug>/", projects.project, name="project"),
    path("drafts/<str:token>/", drafts.draft, name="draft"),
    path("drafts/<str:token>/paper.pdf", drafts.draft_pdf, name="draft_pdf"),
    path("feed.xml", NewsFeed(), name="feed"),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("robots.txt", site.robots, name="robots"),
    path(".well-known/security.txt", site.security, name="security_txt"),
    path(".well-known/api-catalog", catalogue.api_catalog, name="api_catalog"),
    path("healthz", site.health, name="health"),
    path("style/<slug:digest>.css", stylesheet.stylesheet, name="stylesheet"),
    path("media/<path:name>", media.media, name="media"),
]
