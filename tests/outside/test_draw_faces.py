"""Drawn faces: the same each time, decent files, and pixels that agree with the truth."""

import io
import random
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageOps

from orchestrator.outside.faces.canvas import Canvas, ellipse, smooth
from orchestrator.outside.faces.draw import portrait, portraits
from orchestrator.outside.faces.shape import LEFT_EYE, Build, Expression, Pose, solid_points
from projects.landmarks.schema import LandmarkSchema
from projects.schemas import presets


@pytest.fixture(scope="module")
def few():
    return list(portraits(10))


def opened(drawn):
    return Image.open(io.BytesIO(drawn.content))


def test_the_same_seed_draws_the_same_files(few):
    again = portrait(4)

    assert again.content == few[4].content
    assert (again.points == few[4].points).all()
    assert len({drawn.content for drawn in few}) == len(few)
    assert portrait(4, seed=1).content != few[4].content


def test_every_point_lies_on_the_picture(few):
    for drawn in few:
        assert (drawn.points >= -0.5).all()
        assert (drawn.points <= np.array([drawn.width, drawn.height]) - 0.5).all()
        assert 320 <= drawn.width <= 512
        assert 320 <= drawn.height <= 512


def test_some_files_lie_on_their_side_and_are_turned_up_by_exif(few):
    lying = [drawn for drawn in few if drawn.orientation in {6, 8}]

    assert lying
    for drawn in few:
        image = opened(drawn)
        assert ImageOps.exif_transpose(image).size == (drawn.width, drawn.height)
        assert image.getexif().get(0x0112, 1) == drawn.orientation


def test_what_is_hidden_is_marked_as_hidden(few):
    masked = few[4]

    assert masked.look.occluder == "mask"
    assert [masked.visibility[point] for point in (33, 57, 66)] == [1, 1, 1]
    assert [masked.visibility[point] for point in (36, 45)] == [2, 2]


@pytest.mark.parametrize("place", [(20.0, 30.0), (20.5, 30.25), (31.3, 27.7)])
def test_a_drawn_shape_is_where_it_was_put_to_a_tenth_of_a_pixel(place):
    canvas = Canvas(60, 60, (0, 0, 0))
    canvas.polygon(ellipse(np.array(place), 9, 6), (255, 255, 255))

    light = np.asarray(canvas.finish())[..., 0].astype(float)
    rows, columns = np.mgrid[:60, :60]
    assert (columns * light).sum() / light.sum() == pytest.approx(place[0], abs=0.1)
    assert (rows * light).sum() / light.sum() == pytest.approx(place[1], abs=0.1)


def test_a_smooth_edge_passes_through_its_points(few):
    eye = few[0].points[LEFT_EYE]

    edge = smooth(eye, closed=True)

    assert np.abs(edge[:, None] - eye).sum(-1).min(axis=0).max() < 1e-9


def test_the_eye_is_bright_where_the_truth_says_it_is(few):
    drawn = next(each for each in few if not each.look.occluder and each.orientation == 1 and each.look.light == 1)
    pixels = np.asarray(opened(drawn).convert("RGB")).astype(float)

    outer, inner = drawn.points[36], drawn.points[39]
    x, y = np.round(outer + 0.13 * (inner - outer)).astype(int)
    cheek_x, cheek_y = np.round(drawn.points[31] + [-0.25 * (drawn.points[45][0] - outer[0]), 0]).astype(int)
    assert pixels[y, x, 2] > pixels[cheek_y, cheek_x, 2]


def test_a_face_that_looks_ahead_is_its_own_mirror_image():
    calm = Expression(smile=0, open_mouth=0, left_lid=1, right_lid=1, brow_lift=0)
    build = replace(Build.imagine(random.Random(1)), eye_slant=0.02)
    seen = Pose(yaw=0, pitch=0, roll=0).turn(solid_points(build, calm))
    body = presets.load("ibug68")
    place = {point["key"]: number for number, point in enumerate(body["points"])}
    swap = np.arange(len(place))
    for one, other in body["mirror"]:
        swap[place[one]], swap[place[other]] = place[other], place[one]

    assert np.allclose(seen[swap] * [-1, 1], seen)
    assert LandmarkSchema.from_dict(body).points


def test_lower_points_lie_lower():
    seen = Pose(yaw=0, pitch=0, roll=0).turn(
        solid_points(
            Build.imagine(random.Random(2)),
            Expression(smile=0, open_mouth=0.5, left_lid=1, right_lid=1, brow_lift=0),
        )
    )

    brow, eye, nose, mouth, chin = (seen[point, 1] for point in (19, 36, 33, 66, 8))
    assert brow < eye < nose < mouth < chin
