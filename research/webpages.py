"""
What the pages that describe no single work tell machines: JSON-LD of lists and projects, breadcrumbs, Open Graph.

Rules: schema.org 30.0; Google's for BreadcrumbList (each element with its position, name and item); the Open Graph
protocol (ogp.me). A page has one address everywhere: canonical, og:url and JSON-LD's `url` are the same.
"""

import json
from typing import NamedTuple

from django.conf import settings
from django.urls import reverse

from . import metadata
from .citations.jsonld import CONTEXT
from .markup import plain
from .models import Profile
from .profilepage import picture, website


class WebPage(NamedTuple):
    """A page of the site; `path` has its query with it, and `trail` the (name, path) of those on the way to it."""

    profile: Profile
    path: str
    name: str
    description: str
    kind: str  # in schema.org
    trail: tuple = ()
    image: str = ""  # the owner's photo where there is none

    @property
    def url(self):
        return settings.SITE_URL + self.path

    def context(self, main_entity):
        """What its template describes it by, as a dict; `main_entity` is the JSON-LD of what it shows."""
        node = {"@context": CONTEXT, "@type": self.kind, "@id": self.url, "url": self.url, "name": self.name}
        node |= {"description": self.description, "isPartOf": website(self.profile), "mainEntity": main_entity}
        return {
            "canonical_url": self.url,
            "description": self.description,
            "open_graph": self.open_graph("website"),
            "json_ld": scripts(node, breadcrumbs(self.profile, *self.trail, (self.name, self.path))),
        }

    def open_graph(self, kind):
        """What a link to the page shows elsewhere: a list of (property, content)."""
        return metadata.known(
            [
                ("og:type", kind),
                ("og:title", self.name),
                ("og:url", self.url),
                ("og:description", self.description),
                ("og:site_name", self.profile.name),
                ("og:image", self.image or picture(self.profile.photo)),
                ("twitter:card", "summary"),
            ]
        )


def item_list(nodes, first, count):
    """An ItemList of the nodes on a page, the first of which has the number `first` of `count`."""
    elements = [{"@type": "ListItem", "position": number, "item": node} for number, node in enumerate(nodes, first)]
    return {"@type": "ItemList", "numberOfItems": count, "itemListElement": elements}


def breadcrumbs(profile, *trail):
    """The way from the home page to a page, as the menu has it: a BreadcrumbList of (name, path), as a dict."""
    steps = [(profile.name or "Home", reverse("about")), *trail]
    elements = [
        {"@type": "ListItem", "position": number, "name": name, "item": settings.SITE_URL + path}
        for number, (name, path) in enumerate(steps, 1)
    ]
    return {"@context": CONTEXT, "@type": "BreadcrumbList", "itemListElement": elements}


def scripts(*nodes):
    """The texts of the page's JSON-LD scripts."""
    return [json.dumps(node, ensure_ascii=False) for node in nodes]


def contents(profile, noun, count, titles, chosen=()):
    """
    A list in a sentence: "3 publications of Jane Doe (2024, Owls): “A”, “B”, “C”".

    `noun` is for one, `titles` are Markdown, and `chosen` is what the reader asked for, in words.
    """
    whose = f" of {profile.name}" if profile.name else ""
    asked = f" ({', '.join(chosen)})" if chosen else ""
    named = ", ".join(f"“{plain(title)}”" for title in titles)
    return metadata.shortened(f"{count} {noun}{'' if count == 1 else 's'}{whose}{asked}{f': {named}' if named else ''}")
