"""JSON-LD of the home page: a ProfilePage about a Person whose `@id` is the same on every page of the site."""

from django.conf import settings

from . import identifiers, images
from .addresses import home
from .markup import plain
from .models import ProfileLink

# Links that name the same person elsewhere; the others are pages, forms and files.
SAME_PERSON = set(ProfileLink.Kind) - {ProfileLink.Kind.EMAIL, ProfileLink.Kind.CV, ProfileLink.Kind.OTHER}


def owner_id():
    """The `@id` of the owner as a schema.org Person."""
    return f"{home()}#owner"


def website(profile):
    """The site as a whole, of which every page is a part."""
    node = {"@type": "WebSite", "@id": f"{home()}#website", "url": home()}
    return node | ({"name": profile.name} if profile.name else {})


def to_jsonld(profile, links):
    """The page's JSON-LD as a dict; `links` are the profile's visible links."""
    here = home()
    person = {
        "@type": "Person",
        "@id": owner_id(),
        "name": profile.name,
        "url": here,
        "description": plain(profile.headline),
        "image": picture(profile.photo),
        "sameAs": [link.href for link in links if link.kind in SAME_PERSON],
    }
    if author := profile.person:
        person |= {"givenName": author.given_name, "familyName": f"{author.particle} {author.family_name}".strip()}
        person["alternateName"] = [line.strip() for line in author.other_spellings.splitlines() if line.strip()]
        if author.orcid:
            address = identifiers.orcid_url(author.orcid)
            person["sameAs"] = list(dict.fromkeys([address, *person["sameAs"]]))
            person["identifier"] = {"@type": "PropertyValue", "propertyID": "ORCID", "value": author.orcid}
    return {
        "@context": "https://schema.org",
        "@type": "ProfilePage",
        "@id": here,
        "url": here,
        **({"name": profile.name} if profile.name else {}),
        "isPartOf": website(profile),
        "mainEntity": {name: value for name, value in person.items() if value},
    }


def picture(file):
    """The absolute address of a stored picture, "" where there is none."""
    try:
        return settings.SITE_URL + settings.MEDIA_URL + images.Picture.parse(str(file)).fallback
    except ValueError:
        return ""
