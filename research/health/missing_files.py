from .. import media
from ..markup import plain
from ..models import Profile, Project, Publication, PublicationLink
from .finding import Finding, edit

TITLE = "Missing files"
WHY = "A page shows or links a file that is not on the server, so that visitors see a gap."
IS_FAULT = True
# The models that name files: the fields of a row's owner and of its key, and what it is called in a sentence.
OWNERS = (
    (Profile, Profile, "pk", "Your profile"),
    (Publication, Publication, "pk", "“{}”"),
    (PublicationLink, Publication, "publication_id", "A link of “{}”"),
    (Project, Project, "pk", "“{}”"),
)


def find():
    named = [
        (name, words, title, owner, key)
        for model, owner, key_field, words in OWNERS
        for key, title, *names in rows(model, key_field)
        for name in names
        if name
    ]
    missing = media.missing({name for name, *_ in named})
    return [
        Finding(
            f"{words.format(plain(title))} names {name}, and there is no such file.", (edit(owner, key, "Upload it"),)
        )
        for name, words, title, owner, key in named
        if name in missing
    ]


def rows(model, key_field):
    """(key of the owner, its title, the names of its files…) of every row of a model."""
    files, _ = media.stored_fields(model)
    title = {Profile: "name", PublicationLink: "publication__title"}.get(model, "title")
    return model.objects.order_by("pk").values_list(key_field, title, *files)
