"""Fills an empty Wagtail with the page: ``python -m bench.wagtail.fill CONTENT.json PICTURES``"""

import json
import os
import sys
from pathlib import Path


def fill(content, pictures):
    from django.core.files.images import ImageFile
    from wagtail.images.models import Image
    from wagtail.models import Page, Site

    from .home.models import HomePage, Publication

    def stored(name):
        with (pictures / name).open("rb") as file:
            return Image.objects.get_or_create(title=name, defaults={"file": ImageFile(file, name=name)})[0]

    Page.objects.filter(slug="home").delete()
    texts = {name: content[name] for name in ("headline", "biography", "links")}
    projects = "<ul>" + "".join(f"<li>{project}</li>" for project in content["projects"]) + "</ul>"
    home = HomePage(title=content["name"], slug="home", photo=stored(content["photo"]), projects=projects, **texts)
    Page.get_first_root_node().add_child(instance=home)
    Site.objects.all().delete()
    Site.objects.create(hostname="127.0.0.1", root_page=home, is_default_site=True)
    for position, entry in enumerate(content["publications"]):
        thumbnail = stored(entry.pop("picture"))
        Publication.objects.create(page=home, sort_order=position, thumbnail=thumbnail, **entry)


if __name__ == "__main__":
    import django
    from django.core.management import call_command

    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.wagtail.settings"
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    fill(json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2]))
