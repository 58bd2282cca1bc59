"""What a browser is shown when something is missing, refused or broken."""

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware

from orchestrator import errors


def test_a_missing_page_says_so_to_a_browser_and_to_a_program(browse):
    page, api = browse().get("/nowhere/"), browse().get("/api/v1/nowhere")

    assert (page.status_code, page["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert b"nothing that you may see" in page.content
    assert (api.status_code, api["Content-Type"]) == (404, "application/problem+json")


def test_the_page_of_a_broken_server_asks_nothing_of_the_database(browse, ann, rf, django_assert_num_queries):
    """It may be the database that is broken; ann is logged in, and still nobody looks who she is."""
    request = rf.get("/")
    request.COOKIES.update({name: morsel.value for name, morsel in browse(ann).cookies.items()})
    for middleware in (SessionMiddleware, AuthenticationMiddleware, MessageMiddleware):
        middleware(lambda request: None).process_request(request)

    with django_assert_num_queries(0):
        page = errors.broken(request)

    assert page.status_code == 500
    assert b"Something broke on our side" in page.content
