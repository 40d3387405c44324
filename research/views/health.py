"""The desk's page "Site health": what is wrong with the site, and what could be better."""

from django.contrib import admin
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ..health import registry
from .page import for_owner

MOST_SHOWN = 5  # findings of a check; the others are on pages of their own
PER_PAGE = 100


@require_safe
@never_cache
@for_owner
def site_health(request):
    """All checks, the first findings of each; with `?check=` the findings of one of them, paged."""
    if "check" in request.GET:
        return one_check(request, request.GET["check"])
    results = registry.examine()
    faults, suggestions = registry.counts(results)
    found = [(result, result.findings[:MOST_SHOWN]) for result in results if result.findings]
    context = admin.site.each_context(request) | {
        "title": "Site health",
        "faults": faults,
        "suggestions": suggestions,
        "groups": [
            ("What is wrong", [pair for pair in found if pair[0].check.IS_FAULT]),
            ("What could be better", [pair for pair in found if not pair[0].check.IS_FAULT]),
        ],
        "well": [result.check.TITLE for result in results if not result.findings],
    }
    return render(request, "admin/site_health.html", context)


def one_check(request, name):
    check = next((check for check in registry.CHECKS if registry.Result(check, []).name == name), None)
    if check is None:
        raise Http404
    [result] = registry.examine([check])
    page = Paginator(result.findings, PER_PAGE).get_page(request.GET.get("page"))
    context = admin.site.each_context(request) | {"title": check.TITLE, "check": check, "page": page, "name": name}
    return render(request, "admin/site_health_check.html", context)
