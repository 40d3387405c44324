from django.urls import path

from .views import about, media, projects, publications, stylesheet

urlpatterns = [
    path("", about.about, name="about"),
    path("publications/", publications.publication_list, name="publication_list"),
    path("publications/page/<int:number>/", publications.publication_list, name="publication_list_page"),
    path("publications/<slug:slug>/", publications.publication, name="publication"),
    path("projects/", projects.project_list, name="project_list"),
    path("projects/<slug:slug>/", projects.project, name="project"),
    path("style/<slug:digest>.css", stylesheet.stylesheet, name="stylesheet"),
    path("media/<path:name>", media.media, name="media"),
]
