"""The first page of the admin: when the site was last backed up."""

from django import template
from django.utils import timezone

from ..archive import backup

register = template.Library()


@register.inclusion_tag("admin/last_backup.html", takes_context=True)
def last_backup(context):
    """For the owner alone: it names a path of the server."""
    if not context["request"].user.is_superuser:
        return {}
    made, path = backup.last() or (None, "")
    late = made and (timezone.now() - made).days >= backup.LATE_DAYS
    return {"asked": True, "made": made, "path": path, "late": late, "not_copied": backup.not_copied()}
