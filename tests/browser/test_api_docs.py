"""The API's documentation, drawn by its own scripts under our content security policy."""

import pytest

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_api_documentation_shows_its_operations(window):
    shown = window()

    response = shown.page.goto("/api/v1/docs/")
    shown.page.locator(".opblock").first.wait_for(timeout=20_000)
    shown.keep("api-docs")

    assert shown.page.locator(".opblock").count() > 40
    assert shown.complaints == []
    policy = response.headers["content-security-policy"]
    assert "unsafe" not in policy.split("script-src")[-1] if "script-src" in policy else "unsafe" not in policy
