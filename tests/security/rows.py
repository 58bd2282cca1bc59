"""The permission matrix; the columns are those of `tests.security.world.COLUMNS`."""

OPEN = {"schema/", "docs/", "auth/token"}

MATRIX: dict[tuple[str, str], str] = {}
