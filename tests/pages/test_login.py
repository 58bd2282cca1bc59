"""Logging in and out with a browser."""

from projects.audit.models import Event
from tests.people import PASSWORD


def test_who_is_not_logged_in_is_asked_to_and_brought_back(browse, faces, ann):
    window = browse()
    page = f"/projects/{faces.pk}/"

    asked = window.get(page)
    brought = window.post(asked.url, {"username": "ann", "password": PASSWORD, "next": page})

    assert asked.url == f"/login?next={page}"
    assert brought.url == page
    assert Event.objects.filter(verb="user.logged_in", actor=ann).count() == 1


def test_a_wrong_password_is_told_and_the_username_kept(browse, ann):
    answer = browse().post("/login", {"username": "ann<b>", "password": "wrong"})

    assert answer.status_code == 200
    assert b"ann&lt;b&gt;" in answer.content
    assert b'role="alert"' in answer.content


def test_guesses_at_the_page_and_at_the_api_count_together(browse, as_, ann):
    window, api = browse(), as_(None)
    for _ in range(15):
        window.post("/login", {"username": "ann", "password": "guess"})
        api.post("/api/v1/auth/token", {"username": "ann", "password": "guess"})

    refused = window.post("/login", {"username": "ann", "password": PASSWORD})

    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 61
    assert b"Too many attempts" in refused.content


def test_login_leads_to_no_other_site(browse, ann):
    answer = browse().post("/login", {"username": "ann", "password": PASSWORD, "next": "https://example.org/"})

    assert answer.url == "/"


def test_a_closed_account_cannot_log_in(browse, ann):
    ann.is_active = False
    ann.save(update_fields=["is_active"])

    answer = browse().post("/login", {"username": "ann", "password": PASSWORD})

    assert answer.status_code == 200
    assert "_auth_user_id" not in browse().session


def test_logging_out_takes_a_post(browse, ann):
    window = browse(ann)

    refused, done = window.get("/logout"), window.post("/logout")

    assert refused.status_code == 405
    assert done.url == "/login"
    assert window.get("/").status_code == 302
    assert Event.objects.filter(verb="user.logged_out", actor=ann).count() == 1


def test_a_form_without_its_token_is_refused_in_our_own_words(ann):
    from django.test import Client

    answer = Client(enforce_csrf_checks=True).post("/login", {"username": "ann", "password": PASSWORD})

    assert answer.status_code == 403
    assert b"no longer good" in answer.content
    assert b"<style" not in answer.content
