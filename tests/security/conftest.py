"""The world that the security tests stand in."""

from tests.security.world import world

__all__ = ["world"]
