"""
The measured about page: the example with ten publications. ``python -m bench.content`` fills the site of DATA_DIR with
it, and prints as JSON what is on the page, for the peers to show the same.
"""

import io
import json
import os
import uuid

TEN = 10


def fill():
    """The example, with ten publications on its about page."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("load_example", verbosity=0, stdout=io.StringIO())
    fill_up()


def fill_up():
    """Let the newest publications come again until there are ten, and select all."""
    from research.models import Publication

    originals = list(Publication.objects.newest_first())
    for original in originals[: TEN - len(originals)]:
        authorships, links = list(original.authorships.all()), list(original.links.all())
        original.pk, original.uuid = None, uuid.uuid4()
        original.slug, original.citation_key = f"{original.slug}-2", f"{original.citation_key}b"
        original.doi = original.arxiv_id = ""
        original.save()
        for part in (*authorships, *links):
            part.pk, part.publication = None, original
            part.save()
    Publication.objects.update(selected=True)


def shown():
    """What the about page shows, as texts and HTML, with the names of the pictures in research/example/pictures."""
    from research.example import load
    from research.markup import render, render_inline
    from research.models import Profile, Project, Publication

    profile, example = Profile.current(), load.content()
    pictures = {entry["title"]: entry["thumbnail"] for entry in example["publications"]}
    return {
        "name": profile.name,
        "headline": profile.headline,
        "biography": render(profile.biography),
        "photo": example["profile"]["photo"],
        "links": listed((link.href, str(link)) for link in profile.links.all() if link.visible),
        "projects": [render_inline(project.summary) for project in Project.objects.filter(phase="active")],
        "publications": [
            {
                "title": publication.title,
                "url": publication.paper_url or publication.get_absolute_url(),
                "authors": ", ".join(authorship.person.name for authorship in publication.authorships.all()),
                "venue": publication.venue_short or publication.venue,
                "tldr": render_inline(publication.tldr),
                "links": listed((link.href, str(link)) for link in publication.links.all()),
                "picture": pictures[publication.title],
                "alt": publication.thumbnail_alt,
            }
            for publication in Publication.objects.newest_first().with_parts()
        ],
    }


def listed(links):
    return "<ul>" + "".join(f'<li><a href="{href}">{label}</a></li>' for href, label in links) + "</ul>"


if __name__ == "__main__":
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "portfolio.settings"
    django.setup()
    fill()
    print(json.dumps(shown()))
