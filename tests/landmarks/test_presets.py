"""Each preset is complete, and says what its source says."""

import csv
from pathlib import Path

import pytest

from projects.landmarks import mirror
from projects.landmarks.schema import LandmarkSchema, lint_published
from projects.schemas.presets import FOLDER, PRESETS, load

DATA = Path(__file__).parents[3] / "shared" / "data"
SIZES = {"ibug68": 68, "wflw98": 98, "lfpw29": 29, "lfpw35": 35, "cofw29": 29, "face5": 5, "fish27": 27}


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_can_be_published_as_it_is(name):
    d = load(name)

    assert lint_published(d) == []
    assert len(d["points"]) == SIZES[name]


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_survives_reading_and_writing(name):
    schema = LandmarkSchema.from_dict(load(name))

    assert LandmarkSchema.from_dict(schema.to_dict()) == schema


@pytest.mark.parametrize("name", PRESETS)
def test_no_two_points_of_a_preset_are_described_alike(name):
    points = load(name)["points"]

    assert len({p["name"] for p in points}) == len({p["definition"] for p in points}) == len(points)


@pytest.mark.parametrize("name", PRESETS)
def test_each_pair_of_a_preset_begins_on_the_images_left(name):
    d = load(name)

    for a, b in d["mirror"]:
        assert d["reference"][a][0] < d["reference"][b][0]


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_keeps_to_the_unit_square(name):
    assert all(0 <= v <= 1 for xy in load(name)["reference"].values() for v in xy)


def test_every_file_is_a_preset_and_loading_gives_a_fresh_copy():
    assert {path.stem for path in FOLDER.glob("*.json")} == set(PRESETS)
    assert load("face5") is not load("face5")


def test_ibug_mirrors_as_the_300w_points_do():
    published = [16 - i for i in range(17)] + [
        26,
        25,
        24,
        23,
        22,
        21,
        20,
        19,
        18,
        17,
        27,
        28,
        29,
        30,
        35,
        34,
        33,
        32,
        31,
    ]
    published += [45, 44, 43, 42, 47, 46, 39, 38, 37, 36, 41, 40]
    published += [54, 53, 52, 51, 50, 49, 48, 59, 58, 57, 56, 55, 64, 63, 62, 61, 60, 67, 66, 65]

    assert mirror.permutation(LandmarkSchema.from_dict(load("ibug68"))).tolist() == published


def test_wflw_mirrors_as_published():
    published = [32 - i for i in range(33)]
    published += [46, 45, 44, 43, 42, 50, 49, 48, 47, 37, 36, 35, 34, 33, 41, 40, 39, 38]
    published += [51, 52, 53, 54, 59, 58, 57, 56, 55]
    published += [72, 71, 70, 69, 68, 75, 74, 73, 64, 63, 62, 61, 60, 67, 66, 65]
    published += [82, 81, 80, 79, 78, 77, 76, 87, 86, 85, 84, 83, 92, 91, 90, 89, 88, 95, 94, 93, 97, 96]

    assert mirror.permutation(LandmarkSchema.from_dict(load("wflw98"))).tolist() == published


def test_cofw_mirrors_as_published():
    published = [
        1,
        0,
        3,
        2,
        6,
        7,
        4,
        5,
        9,
        8,
        11,
        10,
        14,
        15,
        12,
        13,
        17,
        16,
        19,
        18,
        20,
        21,
        23,
        22,
        24,
        25,
        26,
        27,
        28,
    ]

    assert mirror.permutation(LandmarkSchema.from_dict(load("cofw29"))).tolist() == published


@pytest.mark.parametrize(("name", "a", "b"), [("ibug68", 36, 45), ("wflw98", 60, 72), ("cofw29", 16, 17)])
def test_the_normaliser_is_between_the_points_of_the_benchmark(name, a, b):
    schema = LandmarkSchema.from_dict(load(name))

    assert schema.normaliser.a == (schema.keys[a],)
    assert schema.normaliser.b == (schema.keys[b],)


@pytest.mark.parametrize(("name", "source"), [("lfpw35", "lfpw/annotations.csv"), ("fish27", "fish/reliability.csv")])
def test_the_keys_are_those_of_the_data_in_its_order(name, source):
    if not (DATA / source).exists():
        pytest.skip(f"{source} is not here: the data is not part of the project")

    with (DATA / source).open(newline="") as file:
        found = dict.fromkeys(row["landmark"] for row in csv.DictReader(file))

    assert LandmarkSchema.from_dict(load(name)).keys == tuple(found)


def test_the_29_are_the_35_without_the_ears():
    keys = LandmarkSchema.from_dict(load("lfpw35")).keys

    assert LandmarkSchema.from_dict(load("lfpw29")).keys == tuple(key for key in keys if "_ear_" not in key)
