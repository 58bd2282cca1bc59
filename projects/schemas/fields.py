"""How points, visibility and covariance are stored: flat PostgreSQL arrays behind lists of pairs, NaN behind None."""

import math
from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

Pair = list[float]
NOWHERE = float("nan")


class _Rows(ArrayField):
    """A float8[] that Python sees as a list of rows of `width` numbers, None for a row of NaN."""

    width: int

    def __init__(self, **options: Any) -> None:
        options.pop("base_field", None)
        super().__init__(models.FloatField(), **options)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, positional, options = super().deconstruct()
        options.pop("base_field", None)
        return name, path, positional, options

    def from_db_value(self, value: list[float] | None, expression: Any, connection: Any) -> list[Pair | None] | None:
        if value is None:
            return None
        rows = (value[start : start + self.width] for start in range(0, len(value), self.width))
        return [None if math.isnan(row[0]) else row for row in rows]

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return super().get_db_prep_value(None if value is None else self.flat(value), connection, prepared)

    def flat(self, rows: Sequence[Sequence[float] | None]) -> list[float]:
        numbers: list[float] = []
        for row in rows:
            numbers.extend([NOWHERE] * self.width if row is None else [float(number) for number in row])
        if len(numbers) != self.width * len(rows):
            raise ValueError(f"Every row must have {self.width} numbers.")
        return numbers

    def to_python(self, value: Any) -> Any:
        return value

    def validate(self, value: Any, model_instance: Any) -> None:
        models.Field.validate(self, value, model_instance)

    def run_validators(self, value: Any) -> None:
        return None


class PointsField(_Rows):
    """[[x, y] | None, …] in px of the upright image, in the schema's order; None = not placed."""

    width = 2


class CovarianceField(_Rows):
    """[[xx, xy, yx, yy] | None, …] in px squared, in the schema's order."""

    width = 4


class VisibilityField(ArrayField):
    """[0 | 1 | 2, …] in the schema's order: not labelled, occluded (estimated), visible."""

    def __init__(self, **options: Any) -> None:
        options.pop("base_field", None)
        super().__init__(models.SmallIntegerField(), **options)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, positional, options = super().deconstruct()
        options.pop("base_field", None)
        return name, path, positional, options
