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


@pytest.fixture(scope="module")
def terminal() -> Iterator[Terminal]:
    """A terminal in whose home `up` has been started once; tests of one module share it, for a first start is slow."""
    home = Path(tempfile.mkdtemp(prefix="canthus-home-", dir="/tmp"))
    terminal = Terminal(home)
    terminal.start()
    yield terminal
    terminal.close()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def living(terminal) -> Terminal:
    """`up` is running; the test leaves it running or dead."""
    if not terminal.is_running():
        terminal.start()
    return terminal


@pytest.fixture
def stopped(terminal) -> Terminal:
    """`up` ran here before and was stopped."""
    terminal.close()
    return terminal
