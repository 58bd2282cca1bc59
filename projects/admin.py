"""Django's administration: tables to look into; only accounts and tokens can be changed here, and only by admins."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from projects.audit.models import Event
from projects.audit.trail import record
from projects.clients.models import Client
from projects.datasets.models import Asset, Dataset, ImportBatch, Refusal, Sequence
from projects.deliveries.models import Item, Release, ReleaseFile
from projects.labels.models import Label
from projects.project import Project
from projects.schemas.models import Schema
from projects.teams.models import Grant, Membership, ProjectGroupRight, ProjectUserRight, Team, Token, User

RIGHTS = ("is_active", "is_founder", "is_staff", "is_superuser", "user_permissions")

admin.site.site_header = admin.site.site_title = _("Canthus administration")
admin.site.index_title = _("Tables")
admin.site.unregister(Group)


class ReadOnly(admin.ModelAdmin):
    """Rows are written by use cases, which check rights and tell the audit trail; here they are only looked at."""

    list_per_page = 50
    show_full_result_count = False  # counting a million rows twice helps nobody
    ordering = ("-pk",)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return list(self.fields or [field.name for field in self.opts.fields])

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return self.get_fields(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(User)
class People(UserAdmin):
    """Admins change accounts, though not their own rights; staff who are no admins may at most look."""

    list_display = ("username", "email", "is_active", "is_founder", "is_staff", "is_superuser", "last_login")
    list_filter = ("is_active", "is_founder", "is_staff", "is_superuser")
    search_fields = ("username", "email")
    filter_horizontal = ("user_permissions",)
    fieldsets = (
        (None, {"fields": ("username", "password", "email")}),
        (_("Rights"), {"fields": (*RIGHTS, "groups")}),
        (_("History"), {"fields": ("created_by", "date_joined", "last_login")}),
    )
    readonly_fields = ("groups", "created_by", "date_joined", "last_login")  # groups follow the teams

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _is_admin(request)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return _is_admin(request)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False  # the trail names people; an account is closed instead

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        return (*self.readonly_fields, *(RIGHTS if obj == request.user else ()))

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.created_by = request.user
        super().save_model(request, obj, form, change)
        if change:
            record("user.changed", obj, by=request.user, fields=sorted(form.changed_data))
        else:
            record("user.created", obj, by=request.user, username=obj.username)
        if not obj.is_active:
            Token.objects.filter(user=obj).delete()

    def log_change(self, request: HttpRequest, obj: User, message: Any) -> Any:
        """Also called when a password was changed, which ends all tokens of the account."""
        if request.resolver_match and request.resolver_match.url_name == "auth_user_password_change":
            Token.objects.filter(user=obj).delete()
            record("user.changed", obj, by=request.user, fields=["password"])
        return super().log_change(request, obj, message)


def _is_admin(request: HttpRequest) -> bool:
    return request.user.is_active and request.user.is_superuser


@admin.register(Token)
class Tokens(ReadOnly):
    list_display = ("id", "user", "created_at", "expires_at")
    list_select_related = ("user",)
    fields = ("id", "user", "created_at", "expires_at")  # Never the digest.

    def has_delete_permission(self, request: HttpRequest, obj: Token | None = None) -> bool:
        return _is_admin(request)


@admin.register(Group)
class Groups(ReadOnly):
    search_fields = ("name",)


@admin.register(Team)
class Teams(ReadOnly):
    list_display = ("name", "created_by", "created_at")
    list_select_related = ("created_by",)
    search_fields = ("name",)


@admin.register(Membership)
class Memberships(ReadOnly):
    list_display = ("team", "user", "created_at")
    list_select_related = ("team", "user")
    search_fields = ("team__name", "user__username")


@admin.register(Grant)
class Grants(ReadOnly):
    list_display = ("project", "role", "user", "team", "given_by", "created_at")
    list_select_related = ("project", "user", "team", "given_by")
    list_filter = ("role",)
    search_fields = ("project__name", "user__username", "team__name")


@admin.register(ProjectUserRight, ProjectGroupRight)
class Rights(ReadOnly):
    list_display = ("id", "content_object", "permission")
    list_select_related = ("content_object", "permission__content_type")


@admin.register(Client)
class Clients(ReadOnly):
    list_display = ("name", "created_by", "created_at")
    list_select_related = ("created_by",)
    search_fields = ("name",)


@admin.register(Schema)
class Schemas(ReadOnly):
    list_display = ("name", "version", "status", "created_by", "published_at")
    list_select_related = ("created_by",)
    list_filter = ("status",)
    search_fields = ("name",)


@admin.register(Project)
class Projects(ReadOnly):
    list_display = ("name", "client", "status", "created_by", "created_at")
    list_select_related = ("client", "created_by")
    list_filter = ("status",)
    search_fields = ("name", "client__name")


@admin.register(Dataset, Sequence)
class Parts(ReadOnly):
    list_display = ("__str__", "project")
    list_select_related = ("project",)


@admin.register(Asset)
class Assets(ReadOnly):
    list_display = ("key", "project", "width", "height", "content_type", "created_at")
    list_select_related = ("project",)
    search_fields = ("^key",)


@admin.register(ImportBatch)
class Imports(ReadOnly):
    list_display = ("id", "project", "kind", "status", "done", "rows", "created", "existing", "refused")
    list_select_related = ("project",)
    list_filter = ("status", "kind")


@admin.register(Refusal)
class Refusals(ReadOnly):
    list_display = ("batch", "row", "key", "code", "detail")
    list_select_related = ("batch",)


@admin.register(Label)
class Labels(ReadOnly):
    list_display = ("asset", "version", "is_current", "answers", "agreement", "method", "checked_layers", "created_at")
    list_select_related = ("asset",)


@admin.register(Release)
class Releases(ReadOnly):
    list_display = ("project", "version", "name", "status", "created_by", "published_at", "decided_by", "decided_at")
    list_select_related = ("project", "created_by", "decided_by")
    list_filter = ("status",)


@admin.register(Item)
class Items(ReadOnly):
    list_display = ("release", "number", "key", "answers", "agreement")
    list_select_related = ("release",)


@admin.register(ReleaseFile)
class ReleaseFiles(ReadOnly):
    list_display = ("release", "path", "format", "bytes", "sha256")
    list_select_related = ("release",)


@admin.register(Event)
class Events(ReadOnly):
    list_display = ("at", "actor", "verb", "subject_kind", "subject_id")
    list_select_related = ("actor",)
    search_fields = ("=subject_id",)
