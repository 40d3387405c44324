from ..markup import plain
from ..models import Profile, Project, Publication
from .finding import Finding, edit
from .lacking import EVERYBODY

TITLE = "Descriptions of pictures"
WHY = "Those who cannot see a picture are told its description; where there is none, only a title."
IS_FAULT = False


def find():
    photos = Profile.objects.filter(photo_alt="").exclude(photo="").values_list("pk", flat=True)
    found = [Finding("Your photo has no description.", (edit(Profile, key, "Describe it"),)) for key in photos]
    for model in (Publication, Project):
        bare = model.objects.visible_to(EVERYBODY).filter(thumbnail_alt="").exclude(thumbnail="")
        found += [
            Finding(f"The thumbnail of “{plain(title)}” has no description.", (edit(model, key, "Describe it"),))
            for key, title in bare.values_list("pk", "title")
        ]
    return found
