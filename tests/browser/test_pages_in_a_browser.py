"""What people see, in a real browser: no complaint from it, light and dark, on a phone and on a desk."""

import pytest

pytestmark = pytest.mark.django_db(transaction=True)

SCREENS = [("light", 360), ("dark", 360), ("dark", 1440), ("light", 3840)]


def test_every_page_of_every_role_is_shown_without_a_complaint(peopled, window):
    """One window for each role walks from the login to a release; everything on the way is there, and is ours."""
    home, project, release = "/", f"/projects/{peopled.project.pk}/", f"/releases/{peopled.release.pk}/"
    ways = {
        "clea": {"home": home, "project": project, "release": release},
        "mara": {"home": home, "project": project, "release": release},
        "rita": {"home": home, "project": project},
        "ann": {"home": home, "project": project},
        "theo": {"home": home},
        "ada": {"home": home, "project": project, "admin": "/admin/", "admin-users": "/admin/projects/user/"},
    }

    complaints = {}
    for name, way in ways.items():
        shown = window().log_in(name)
        for what, address in way.items():
            assert shown.page.goto(address).status == 200
            shown.keep(f"{name}-{what}")
        complaints[name] = shown.complaints

    assert complaints == {name: [] for name in ways}


def test_pages_fit_the_screen_and_follow_the_scheme(peopled, window):
    pages = {
        "home": "/",
        "project": f"/projects/{peopled.project.pk}/",
        "release": f"/releases/{peopled.release.pk}/",
        "missing": "/nowhere/",
    }

    too_wide, grounds = [], {}
    for scheme, width in SCREENS:
        shown = window(color_scheme=scheme, width=width, height=800)
        shown.page.goto("/login")
        shown.keep(f"login-{scheme}-{width}")
        shown.log_in("clea")
        for what, address in pages.items():
            shown.page.goto(address)
            shown.keep(f"clea-{what}-{scheme}-{width}")
            if shown.is_wider_than_the_screen():
                too_wide.append((what, width))
        grounds[scheme] = shown.page.evaluate("getComputedStyle(document.body).backgroundColor")

    assert too_wide == []
    assert grounds == {"light": "rgb(245, 246, 244)", "dark": "rgb(15, 21, 20)"}


def test_a_client_accepts_a_release_with_the_keyboard_alone(peopled, window):
    """From the first tab stop, the skip link, to the button; what has the focus can be seen."""
    shown = window().log_in("clea")
    shown.page.goto(f"/releases/{peopled.release.pk}/")

    shown.page.keyboard.press("Tab")
    skip = shown.page.evaluate("[document.activeElement.className, document.activeElement.getBoundingClientRect().top]")
    shown.page.keyboard.press("Enter")
    for _ in range(2):
        shown.page.keyboard.press("Tab")
    shown.page.keyboard.press("Tab")
    shown.page.keyboard.type("Well done.")
    shown.page.keyboard.press("Tab")
    outline = shown.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    shown.page.keyboard.press("Enter")
    shown.page.get_by_text("You have accepted this release").wait_for()
    shown.keep("clea-release-accepted")

    assert skip == ["skip", 0]
    assert outline == "solid"
    peopled.release.refresh_from_db()
    assert (peopled.release.status, peopled.release.note) == ("accepted", "Well done.")
    assert shown.complaints == []
