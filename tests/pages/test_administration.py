"""The administration shows tables, and lets nobody make herself more than she is."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from projects.audit.models import Event
from projects.teams import tokens
from projects.teams.models import Token, User
from tests.people import PASSWORD, person

FORM = {"username": "stan", "email": "", "is_active": "on", "is_staff": "on"}


@pytest.fixture
def stan(db):
    """Staff with every permission that Django knows, yet no admin."""
    stan = person("stan", is_staff=True)
    stan.user_permissions.set(Permission.objects.all())
    return stan


def test_staff_cannot_promote_themselves(browse, stan):
    every = [str(pk) for pk in Permission.objects.values_list("pk", flat=True)]
    body = FORM | {"is_superuser": "on", "is_founder": "on", "user_permissions": every}

    answer = browse(stan).post(f"/admin/projects/user/{stan.pk}/change/", body)

    assert answer.status_code == 403
    stan.refresh_from_db()
    assert (stan.is_superuser, stan.is_founder) == (False, False)


def test_staff_cannot_become_an_admin_through_another_account(browse, stan, ada):
    staff = browse(stan)
    other = {"password1": "another long secret", "password2": "another long secret"}
    new = {"username": "eve", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}

    answers = [
        staff.post(f"/admin/projects/user/{ada.pk}/password/", other),
        staff.post("/admin/projects/user/add/", new | {"is_superuser": "on"}),
        staff.post("/admin/auth/group/add/", {"name": "everything"}),
        staff.post(f"/admin/auth/group/{Group.objects.create(name='g').pk}/change/", {"name": "h"}),
        staff.post("/admin/projects/projectuserright/add/", {"user": stan.pk}),
        staff.post("/admin/projects/grant/add/", {"user": stan.pk, "role": "manager"}),
    ]

    assert [answer.status_code for answer in answers] == [403] * 6
    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)
    assert not User.objects.filter(username="eve").exists()


def test_an_admin_cannot_change_her_own_rights(browse, ada):
    browse(ada).post(f"/admin/projects/user/{ada.pk}/change/", {"username": "ada", "email": "ada@example.org"})

    ada.refresh_from_db()
    assert (ada.email, ada.is_superuser, ada.is_active) == ("ada@example.org", True, True)


def test_a_closed_account_and_a_new_password_end_all_tokens_and_are_told(browse, ada, ann, ben):
    tokens.issue(ann)
    tokens.issue(ben)
    admin_ = browse(ada)

    closed = admin_.post(f"/admin/projects/user/{ann.pk}/change/", {"username": "ann", "email": ""})
    changed = admin_.post(
        f"/admin/projects/user/{ben.pk}/password/",
        {"usable_password": "true", "password1": "another long secret", "password2": "another long secret"},
    )

    assert (closed.status_code, changed.status_code) == (302, 302)
    assert not Token.objects.exists()
    told = Event.objects.filter(verb="user.changed", actor=ada).order_by("pk")
    assert [(event.subject_id, event.facts["fields"]) for event in told] == [
        (str(ann.pk), ["is_active"]),
        (str(ben.pk), ["password"]),
    ]


def test_every_table_can_be_looked_at_and_none_but_accounts_be_written(
    browse, ada, faces, make, ann, django_assert_max_num_queries
):
    tokens.issue(ann)
    for _ in range(3):
        make.task(faces)
    admin_ = browse(ada)

    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        with django_assert_max_num_queries(9):
            assert admin_.get(reverse(f"{name}_changelist")).status_code == 200, name
        if model is not User:
            assert admin_.get(reverse(f"{name}_add")).status_code == 403, name
        if row := model._default_manager.first():
            assert admin_.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200, name


def test_a_tokens_digest_is_never_shown(browse, ada, ann):
    secret, _ = tokens.issue(ann)
    token = Token.objects.get()

    shown = [browse(ada).get(f"/admin/projects/token/{tail}").content for tail in ("", f"{token.pk}/change/")]

    for page in shown:
        assert bytes(token.digest).hex().encode() not in page
        assert secret.encode() not in page
        assert b"digest" not in page


def test_the_administration_asks_for_the_common_login(browse, ann):
    nobody, annotator = browse().get("/admin/", follow=True), browse(ann).get("/admin/", follow=True)

    assert nobody.redirect_chain[-1][0].startswith("/login?next=")
    assert annotator.status_code == 403
    assert "for staff" in annotator.content.decode()
