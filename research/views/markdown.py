"""The two addresses of the Markdown editor: a preview that is the page's own, and uploads through the images' gate."""

from functools import wraps

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from .. import images, markup, media
from ..storage import not_stored

WRITERS = ("change_profile", "change_publication", "add_publication", "change_project", "add_project")


def for_writers(view):
    """Staff who may write a text of the site; for everybody else the address refuses, and says so."""

    @require_POST
    @wraps(view)
    def wrapped(request):
        if not (request.user.is_staff and any(request.user.has_perm(f"research.{name}") for name in WRITERS)):
            return JsonResponse({"error": "Log in to write."}, status=403)
        response = view(request)
        response["Cache-Control"] = "private, no-store"
        return response

    return wrapped


@for_writers
def preview(request):
    """The HTML of the POSTed `content`, as visitors will see it."""
    return HttpResponse(markup.render(request.POST.get("content", "")))


@for_writers
def upload(request):
    """Store the POSTed `image`; the answer is the Markdown that shows it, or a sentence that says why not."""
    if "image" not in request.FILES:
        return JsonResponse({"error": "No picture arrived. Drop it on the text again."}, status=400)
    try:
        name = media.store_picture(request.FILES["image"])
    except images.ImageRefused as refusal:
        return JsonResponse({"error": str(refusal)}, status=400)
    except OSError as error:
        return JsonResponse({"error": f"{not_stored('The picture', error)} Your text is still here."}, status=503)
    return JsonResponse({"image_code": f"![]({settings.MEDIA_URL}{name})"})
