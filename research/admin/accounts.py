"""Users, for the owner alone: a name, an address, and one of the roles."""

from functools import wraps

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.db import transaction
from django.db.models import OuterRef
from django.utils.html import format_html

from portfolio.login import browsers, factors, notices, security, sessions, views

from .. import roles
from .searching import SearchingAdmin

User = get_user_model()
BY_KEY = {role.key: role for role in roles.ROLES}


def choices():
    return [(role.key, format_html("<strong>{}</strong>: {}", role.label, role.sentence)) for role in roles.ROLES]


class RoleForm(forms.ModelForm):
    """A form with the role; its user is never the one that all others depend on, who cannot give it away."""

    role = forms.ChoiceField(choices=choices, widget=forms.RadioSelect, initial=roles.EDITOR.key)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and "role" in self.fields:
            role = roles.of(self.instance)
            self.initial["role"] = role.key if role else None

    def clean_role(self):
        role = BY_KEY[self.cleaned_data["role"]]
        others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=self.instance.pk)
        if self.instance.is_superuser and role is not roles.OWNER and not others.exists():
            raise forms.ValidationError("This is the only owner. Make somebody else an owner first.")
        return role


class NewAccountForm(RoleForm, AdminUserCreationForm):
    pass


class AccountForm(RoleForm, UserChangeForm):
    pass


def confirmed(view):
    """First asks an owner for their password: nobody shall take the site over from a desk that was left open."""

    @wraps(view)
    def wrapped(self, request, *args, **kwargs):
        if self.has_permission(request) and not views.is_confirmed(request):
            return security.ask_first(request.path)
        return view(self, request, *args, **kwargs)

    return wrapped


def after_new_password(request, user):
    """
    Of what opened the account before, only an app's codes and the recovery codes stay: they need the new password too.

    Its sessions end by themselves. A passkey opens it alone, so it goes, unless owners change their own.
    """
    event = "The password was changed by an owner of the site."
    if user != request.user and factors.remove_passkeys(user):
        event = "The password was changed by an owner of the site, and the passkeys were removed."
        messages.info(
            request, "The passkeys of this account were removed: each would have opened it without a password."
        )
    notices.send(user, event)


def tell(form, role, is_new, by):
    """Mail what was changed of an account to the address that it had, and to all owners that there is one more."""
    user = form.instance
    if not is_new:
        address = form.initial["email"]
        if "email" in form.changed_data:
            notices.send(user, "The mail address of the account was changed by an owner of the site.", address)
        if "role" in form.changed_data:
            notices.send(user, f"The role of the account was changed by an owner of the site: {role.label}.", address)
    if role is roles.OWNER and (is_new or "role" in form.changed_data):
        for owner in User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk):
            notices.send(owner, f"There is one more owner of the site: {user}, made by {by}.")


admin.site.unregister(User)


@admin.register(User)
class AccountAdmin(SearchingAdmin, UserAdmin):
    form = AccountForm
    add_form = NewAccountForm
    list_display = ["username", "role", "email", "second_factor", "last_login"]
    list_filter = []
    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["username", "password", "email", ("first_name", "last_name")]}),
        ("What they may do", {"fields": ["role"]}),
    ]
    add_fieldsets = [
        (None, {"classes": ["wide"], "fields": ["username", "email", "password1", "password2"]}),
        ("What they may do", {"fields": ["role"]}),
    ]

    def has_module_permission(self, request):
        return request.user.is_active and request.user.is_superuser

    def has_permission(self, request, obj=None):
        return self.has_module_permission(request)

    has_add_permission = has_module_permission
    has_view_permission = has_change_permission = has_permission

    def has_delete_permission(self, request, obj=None):
        """Nobody deletes themselves; deleting others one by one is enough, and keeps an owner."""
        return self.has_module_permission(request) and obj is not None and obj != request.user

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if role := form.cleaned_data.get("role"):
            roles.give(form.instance, role)
            if role is roles.NOBODY:
                sessions.end_all(form.instance)
        # Afterwards, so that no mail goes out for what was not stored, and nothing waits for the mail server.
        transaction.on_commit(lambda: tell(form, role, is_new=not change, by=request.user))

    changeform_view = confirmed(UserAdmin.changeform_view)
    delete_view = confirmed(UserAdmin.delete_view)

    @confirmed
    def user_change_password(self, request, id, form_url=""):
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == 302:
            user = User.objects.get(pk=id)
            after_new_password(request, user)
            if user == request.user:
                browsers.remember(request, response, user)
        return response

    def get_queryset(self, request):
        users = super().get_queryset(request).prefetch_related("groups", "user_permissions")
        return users.annotate(has_second_factor=factors.is_needed_by(OuterRef("pk")))

    @admin.display(description="role")
    def role(self, user):
        role = roles.of(user)
        return role.label if role else "Other"

    @admin.display(description="second factor", boolean=True)
    def second_factor(self, user):
        return user.has_second_factor
