"""Homes and terminals for the tests that kill things."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.terminal import Terminal


@pytest.fixture
def home() -> Iterator[Path]:
    """A home of its own, with a path short enough for sockets."""
    home = Path(tempfile.mkdtemp(prefix="canthus-home-", dir="/tmp"))
    yield home
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def terminal(home) -> Iterator[Terminal]:
    terminal = Terminal(home)
    yield terminal
    terminal.close()


@pytest.fixture(scope="module")
def kept_home() -> Iterator[Path]:
    """A home in which `up` has run once and was stopped: what every later start finds."""
    home = Path(tempfile.mkdtemp(prefix="canthus-home-", dir="/tmp"))
    first = Terminal(home)
    first.start()
    first.close()
    yield home
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def later(kept_home) -> Iterator[Terminal]:
    """A terminal in the kept home."""
    terminal = Terminal(kept_home)
    yield terminal
    terminal.close()
