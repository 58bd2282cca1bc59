"""A crowd's answers laid out for arithmetic: complex numbers, sorted by image, people and images numbered from 0."""

from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from tasks.consensus.mergers.answers import Floats, Ints
from tasks.consensus.mergers.crowd import Crowd

Complex = NDArray[np.complex128]
Mask = NDArray[np.bool_]
Number = TypeVar("Number", np.float64, np.complex128, np.int64)


@dataclass(frozen=True, eq=False)
class Rows:
    """n answers of J people to N images with L landmarks."""

    order: Ints  # (n,) which row of the crowd each is
    image_key: Ints  # (N,) what the crowd calls each image
    person_key: Ints  # (J,)
    image: Ints  # (n,) rising
    person: Ints  # (n,)
    z: Complex  # (n, L) px, x + iy; 0 where not placed
    there: Mask  # (n, L) placed
    vote: Floats  # (n,) less than 1 where one person answered one image several times
    gold: Complex  # (N, L) px; NaN where the truth is not known

    @property
    def images(self) -> int:
        return len(self.image_key)

    @property
    def people(self) -> int:
        return len(self.person_key)

    def by_image(self, values: NDArray[Number]) -> NDArray[Number]:
        """Sum over the answers to each image: (n, ...) -> (N, ...)"""
        return summed(values, self.image, self.images)

    def by_person(self, values: NDArray[Number]) -> NDArray[Number]:
        """Sum over the answers of each person: (n, ...) -> (J, ...)"""
        order = np.argsort(self.person, kind="stable")
        return summed(values[order], self.person[order], self.people)

    def with_points(self, z: Complex, there: Mask) -> "Rows":
        return replace(self, z=np.where(there, z, 0), there=there)


def summed(values: NDArray[Number], rising: Ints, number: int) -> NDArray[Number]:
    """Sum of the rows with each of the numbers 0 .. number-1, which must come in rising order."""
    total = np.zeros((number, *values.shape[1:]), values.dtype)
    if len(values):
        first = np.flatnonzero(np.diff(rising, prepend=-1))
        total[rising[first]] = np.add.reduceat(values, first, axis=0)
    return total


def rows_of(crowd: Crowd) -> Rows:
    """Sort the crowd so that the order in which its rows came cannot matter."""
    xy = np.where(np.isnan(crowd.points), 0.0, crowd.points)
    # By what was answered before by whom: what people are called must not matter either.
    order = np.lexsort((crowd.annotator, xy[..., 1].sum(axis=1), xy[..., 0].sum(axis=1), crowd.image))
    image_key, image = np.unique(crowd.image[order], return_inverse=True)
    person_key, person = np.unique(crowd.annotator[order], return_inverse=True)
    there = ~np.isnan(crowd.points[order, :, 0])
    _, pair, times = np.unique(image * len(person_key) + person, return_inverse=True, return_counts=True)
    gold = np.full((len(image_key), crowd.points.shape[1]), np.nan + 0j)
    assert crowd.gold_points is not None
    known = np.isin(crowd.gold_image, image_key)
    gold[np.searchsorted(image_key, crowd.gold_image[known])] = as_complex(crowd.gold_points[known])
    return Rows(
        order=order,
        image_key=image_key,
        person_key=person_key,
        image=image,
        person=person,
        z=as_complex(xy[order]),
        there=there,
        vote=1.0 / times[pair] if len(order) else np.zeros(0),
        gold=gold,
    )


def as_complex(xy: Floats) -> Complex:
    return np.asarray(xy[..., 0] + 1j * xy[..., 1])


def as_xy(z: Complex) -> Floats:
    return np.stack([z.real, z.imag], axis=-1)


def squared(z: Complex) -> Floats:
    return np.asarray(z.real**2 + z.imag**2)
