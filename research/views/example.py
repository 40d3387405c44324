from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from ..example import load
from ..models import Profile
from .page import for_owner


@require_POST
@for_owner
def remove_example(request):
    """Ask whether the example shall go, and remove it when the answer is sent."""
    if "confirmed" not in request.POST:
        context = admin.site.each_context(request) | {"title": "Remove the example?"}
        return render(request, "admin/remove_example.html", context)
    load.remove_example(request.user)
    # Leaves a trace, so that the next start does not take the empty site for a new one and fill it again.
    LogEntry.objects.log_actions(
        request.user.pk, [Profile.current()], CHANGE, "Removed the example.", single_object=True
    )
    messages.success(request, "The example is gone. These are the steps to your own site.")
    return redirect("admin:index")
