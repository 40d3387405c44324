"""
What somebody who may log in may do there: everything (owner), write (editor), look (reader).

An owner is Django's superuser. The other two are groups, whose permissions are set anew at every `migrate`, so that a
model that is added is in them as the two lists below say.
"""

from typing import NamedTuple

from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.db.models.signals import post_migrate

# The models that an editor writes, and those that say whose site it is and how it looks.
CONTENT = {
    *("publication", "authorship", "publicationlink", "formerpublicationslug"),
    *("topic", "formertopicslug"),
    *("project", "projectlink", "formerprojectslug"),
    *("person", "formerperson", "import", "proposal"),
    *("supersededfile", "draftkey", "checkedlink"),  # what the program notes beside them
}
OWNERS_ALONE = {"profile", "profilelink"}


class Role(NamedTuple):
    """A role; `group` is the name of its group, "" for none."""

    key: str
    label: str
    sentence: str
    group: str = ""


OWNER = Role("owner", "Owner", "May do everything: also the profile, the users, and who has which role.")
EDITOR = Role(
    "editor",
    "Editor",
    "Writes, publishes, imports and deletes publications, projects, people and topics. Not the profile, not the users.",
    "Editors",
)
READER = Role("reader", "Reader", "Sees everything, drafts too, and changes nothing but their own password.", "Readers")
NOBODY = Role("nobody", "No access", "Cannot log in. What they have done stays in the history.")
ROLES = (OWNER, EDITOR, READER, NOBODY)


def of(user):
    """The role of a user; None for one who has other rights than a role gives."""
    if not (user.is_active and user.is_staff):
        return NOBODY
    if user.is_superuser:
        return OWNER
    groups = {group.name for group in user.groups.all()}
    role = next((role for role in (EDITOR, READER) if groups == {role.group}), None)
    return None if user.user_permissions.all() else role


def give(user, role):
    """Give a stored user exactly the rights of a role."""
    user.is_staff = role is not NOBODY
    user.is_active = user.is_active or user.is_staff
    user.is_superuser = role is OWNER
    user.save()
    user.groups.set(Group.objects.filter(name=role.group))
    user.user_permissions.clear()


def may_change_profile(user):
    """Whether what `user` does may change the profile too; None is the server itself, as in a command."""
    return user is None or user.has_perm("research.change_profile")


def set_permissions(**kwargs):
    """Let the groups have the permissions of their roles, and no others."""
    if Group._meta.db_table not in connection.introspection.table_names():
        return  # research alone was migrated; it comes again with the rest
    found = Permission.objects.filter(content_type__app_label="research")
    writing = found.filter(content_type__model__in=CONTENT)
    looking = found.filter(content_type__model__in=CONTENT | OWNERS_ALONE, codename__startswith="view_")
    for role, permissions in ((EDITOR, writing | looking), (READER, looking)):
        Group.objects.get_or_create(name=role.group)[0].permissions.set(permissions)


def connect(app):
    """Called once, when the app is ready; the permissions themselves are made by auth, which comes before it."""
    post_migrate.connect(set_permissions, sender=app, dispatch_uid="roles")
