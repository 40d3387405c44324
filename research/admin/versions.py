"""The pages of a record's versions: what was changed by whom, two versions compared, and the way back."""

import itertools

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.views.decorators.http import require_GET, require_POST

from ..history import comparison, records, reverting, versions
from ..media import SUPERSEDED

NOW = "now"
PER_PAGE = 50


class VersionPages:
    """History, comparison, reverting, and what was deleted; for a ModelAdmin."""

    def get_urls(self):
        def page(route, view, name):
            return path(route, self.admin_site.admin_view(view), name=self.address_name(name))

        return [
            page("deleted/", require_GET(self.deleted_view), "deleted"),
            page("deleted/<int:version>/", require_POST(self.bring_back_view), "bring_back"),
            page("<int:key>/versions/", require_GET(self.compare_view), "versions"),
            page("<int:key>/versions/<int:version>/", require_POST(self.revert_view), "revert"),
            *super().get_urls(),
        ]

    def address_name(self, name):
        return f"{self.opts.app_label}_{self.opts.model_name}_{name}"

    def address(self, name, *arguments):
        return reverse(f"admin:{self.address_name(name)}", args=arguments)

    def shown(self, request, template, **context):
        return render(request, template, self.admin_site.each_context(request) | {"opts": self.opts} | context)

    def found(self, request, key, may):
        record = next(iter(records.load(self.model, [key])), None)
        if record is None:
            raise Http404
        if not may(request, record):
            raise PermissionDenied
        return record

    # --- What was, and what is ----------------------------------------------------------------------------------

    def history_view(self, request, object_id, extra_context=None):
        """The versions of a record, the newest first, each with what it changed."""
        if not object_id.isdecimal():
            raise Http404
        record = self.found(request, int(object_id), self.has_view_permission)
        kept = list(versions.of(record)[: PER_PAGE + 1])
        states = [versions.state(version) for version in kept]
        changed = [comparison.labels(self.model, old, new) for new, old in itertools.pairwise(states)]
        rows = list(itertools.zip_longest(kept, changed))[:PER_PAGE]
        return self.shown(
            request,
            "admin/history.html",
            title=f"History: {record}",
            original=record,
            rows=rows,
            more=len(kept) > PER_PAGE,
            compare=self.address("versions", record.pk),
            is_current=bool(states) and records.same(states[0], records.state(record)),
        )

    def compare_view(self, request, key):
        """Two versions side by side, by default the chosen one and what is there now."""
        record = self.found(request, key, self.has_view_permission)
        kept = list(versions.of(record))
        present = records.state(record)
        other = (version for version in kept if not records.same(versions.state(version), present))
        old = self.chosen(kept, request.GET.get("old")) or next(other, None)
        new = self.chosen(kept, request.GET.get("new"))
        old_state = versions.state(old) if old else present
        may_revert = old is not None and self.has_change_permission(request, record)
        differs = not records.same(old_state, present)
        return self.shown(
            request,
            "admin/compare_versions.html",
            title=f"Compare: {record}",
            original=record,
            kept=kept,
            old=old,
            new=new,
            differences=comparison.compare(self.model, old_state, versions.state(new) if new else present),
            plan=reverting.plan(old) if may_revert and differs else None,
            revert=self.address("revert", key, old.pk) if may_revert and differs else "",
            now=NOW,
        )

    @staticmethod
    def chosen(kept, key):
        return next((version for version in kept if str(version.pk) == key), None)

    # --- The way back -------------------------------------------------------------------------------------------

    def revert_view(self, request, key, version):
        record = self.found(request, key, self.has_change_permission)
        chosen = versions.of(record).filter(pk=version).first()
        if chosen is None:
            raise Http404
        return self.answer(request, chosen, reverting.revert, "is again as it was.")

    def deleted_view(self, request):
        """What was deleted lately."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return self.shown(
            request,
            "admin/deleted.html",
            title=f"Deleted {self.opts.verbose_name_plural}",
            rows=[(version, version.revision.date_created + SUPERSEDED) for version in versions.deleted(self.model)],
            may_bring_back=self.may_bring_back(request),
            bring_back=f"{self.opts.app_label}_{self.opts.model_name}_bring_back",
            days=SUPERSEDED.days,
        )

    def may_bring_back(self, request):
        return self.has_add_permission(request)

    def bring_back_view(self, request, version):
        if not self.may_bring_back(request):
            raise PermissionDenied
        chosen = versions.deleted(self.model).filter(pk=version).first()
        if chosen is None:
            messages.error(
                request,
                f"There is nothing to bring back: it is there already, or was deleted {SUPERSEDED.days} days ago.",
            )
            return HttpResponseRedirect(self.address("deleted"))
        return self.answer(request, chosen, reverting.bring_back, "is back.")

    def answer(self, request, version, act, done):
        """Go back by a version, and say what came of it."""
        key = int(version.object_id)
        try:
            record, notes = act(version, request.user)
        except reverting.NotReverted as refusal:
            messages.error(request, f"Nothing was changed. {refusal}")
            is_there = self.model._base_manager.filter(pk=key).exists()
            return HttpResponseRedirect(self.address("versions", key) if is_there else self.address("deleted"))
        self.log_change(request, record, f"As of {reverting.when(version)}.")
        page = self.address("change", record.pk)
        messages.success(request, format_html('<a href="{}">{}</a> {}', page, record, done))
        for note in notes:
            messages.warning(request, note)
        return HttpResponseRedirect(page)

    # --- Where Django's own pages say so ------------------------------------------------------------------------

    def delete_view(self, request, object_id, extra_context=None):
        return self.with_deleted(super().delete_view(request, object_id, extra_context))

    def changelist_view(self, request, extra_context=None):
        return self.with_deleted(super().changelist_view(request, extra_context))

    def with_deleted(self, answer):
        if isinstance(answer, TemplateResponse):
            answer.context_data |= {"deleted_address": self.address("deleted"), "undo_days": SUPERSEDED.days}
        return answer

    def response_delete(self, request, obj_display, obj_id):
        version = versions.last_of_deleted(self.model, obj_id)
        if version is not None and self.may_bring_back(request):
            messages.info(
                request,
                format_html(
                    'It can be brought back for {} days: <a href="{}">undo</a>.',
                    SUPERSEDED.days,
                    self.address("deleted"),
                ),
            )
        return super().response_delete(request, obj_display, obj_id)
