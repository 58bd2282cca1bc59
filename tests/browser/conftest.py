"""A real browser on a running server; what it complains about is collected."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import sync_playwright

from tests.browser import world
from tests.people import PASSWORD

CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="package")
def browser():
    """Gone after the last browser test: while it lives, an event loop runs in this thread, which Django minds."""
    if not Path(CHROMIUM).exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{CHROMIUM} is missing: the browser tests must run in CI.")
        pytest.skip(f"{CHROMIUM} is missing: apt-get install chromium")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def peopled(make, mara, ann, ben, rita, clea, theo, ada):
    """The world, and its people under their names."""
    project, release = world.people_it(make, mara=mara, ann=ann, ben=ben, rita=rita, clea=clea)
    return SimpleNamespace(project=project, release=release)


class Window:
    """A page that remembers every complaint of the browser, and keeps pictures where CANTHUS_SCREENSHOTS says."""

    def __init__(self, browser, address, **options):
        self.address, self.complaints = address, []
        self.context = browser.new_context(base_url=address, **options)
        self.page = self.context.new_page()
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("requestfailed", self._failed)

    def _failed(self, request):
        """A request that the browser itself gave up, because we went on to the next page, is no complaint."""
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"{request.url}: {request.failure}")

    def _note(self, message):
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def log_in(self, name):
        self.page.goto("/login")
        self.page.get_by_label("Username").fill(name)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Log in").click()
        self.page.wait_for_url(f"{self.address}/")
        return self

    def keep(self, name):
        """A picture of the whole page, as an artefact of the test run."""
        if folder := os.environ.get("CANTHUS_SCREENSHOTS"):
            self.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    def is_wider_than_the_screen(self):
        return self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


@pytest.fixture
def window(browser, live_server):
    """`window(color_scheme="dark")`: a new one with its own cookies; closed at the end."""
    opened = []

    def opening(*, width=1440, height=900, **options):
        opened.append(Window(browser, live_server.url, viewport={"width": width, "height": height}, **options))
        return opened[-1]

    yield opening
    for each in opened:
        each.context.close()
