"""What people see, in a real browser: no complaint from it, light and dark, on a phone and on a desk."""

import pytest

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_page_of_every_role_is_shown_without_a_complaint(peopled, window):
    """One window for each role walks from the login to a release."""
    project, release = f"/projects/{peopled.project.pk}/", f"/releases/{peopled.release.pk}/"
    ways = {
        "clea": [("home", "/"), ("project", project), ("release", release)],
        "mara": [("home", "/"), ("project", project), ("release", release)],
        "rita": [("home", "/"), ("project", project)],
        "ann": [("home", "/"), ("project", project)],
        "theo": [("home", "/")],
    }

    complaints = {}
    for name, way in ways.items():
        shown = window().log_in(name)
        for what, address in way:
            assert shown.page.goto(address).status == 200
            shown.page.wait_for_load_state("networkidle")
            shown.keep(f"{name}-{what}")
        complaints[name] = shown.complaints

    assert complaints == {name: [] for name in ways}


@pytest.mark.parametrize(("scheme", "width"), [("light", 360), ("dark", 360), ("dark", 1440), ("light", 3840)])
def test_pages_fit_the_screen_and_the_scheme(peopled, window, scheme, width):
    shown = window(color_scheme=scheme, width=width, height=800)
    shown.page.goto("/login")
    shown.keep(f"login-{scheme}-{width}")
    shown.log_in("clea")

    wide = []
    for what, address in [
        ("home", "/"),
        ("project", f"/projects/{peopled.project.pk}/"),
        ("release", f"/releases/{peopled.release.pk}/"),
        ("missing", "/projects/nothing/"),
    ]:
        shown.page.goto(address)
        shown.page.wait_for_load_state("networkidle")
        shown.keep(f"clea-{what}-{scheme}-{width}")
        if shown.is_wider_than_the_screen():
            wide.append(what)

    assert wide == []
    ground = shown.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(15, 21, 20)") is (scheme == "dark")
