"""The first page of the admin: how the site is, in a sentence that leads to more."""

from django import template

from ..health import registry

register = template.Library()


@register.inclusion_tag("admin/site_health_count.html", takes_context=True)
def site_health(context):
    """For the owner alone: how much is wrong."""
    if not context["request"].user.is_superuser:
        return {}
    return {"asked": True, "faults": registry.count_of_faults()}
