"""What was recorded elsewhere is read as it is, and what is something else is refused."""

from pathlib import Path

import pytest

from orchestrator.replay import faces, fish, lfpw, measure
from orchestrator.replay.recording import Answer, Asset, Recording, Unreadable, box_diagonal

DATA = Path(__file__).parents[3] / "shared" / "data"

needs_data = pytest.mark.skipif(not DATA.exists(), reason="the recordings (../shared/data) are not here")


@needs_data
def test_150_faces_by_three_workers():
    recording = lfpw.read(DATA / "lfpw" / "annotations.csv")

    overlaps = {overlap: len(keys) for overlap, keys in recording.overlaps().items()}
    assert (len(recording.assets), len(recording.answers), overlaps) == (150, 449, {3: 149, 2: 1})
    assert recording.answers[0].points[0] == [202.955, 279.545]
    assert min(point[0] for answer in recording.answers for point in answer.points) == -8.864
    assert {seen for answer in recording.answers for seen in answer.visibility} == {1, 2}
    assert measure.between_people(recording) == pytest.approx(0.0695, abs=0.001)


@needs_data
def test_five_specimens_five_times_by_185_people():
    recording = fish.read(DATA / "fish" / "reliability.csv")

    assert (len(recording.assets), len(recording.answers), len(recording.by_person())) == (25, 2580, 185)
    assert len(recording.experts) == 8
    assert {len(keys) for keys in recording.overlaps().values()} == {5, 10}
    assert measure.of_few(recording) == pytest.approx(0.0167, abs=0.003)


@needs_data
def test_photographs_with_points_of_their_largest_face():
    recording = faces.read(DATA / "faces")

    assert len(recording.assets) == 13
    assert recording.overlaps() == {2: sorted({answer.asset for answer in recording.answers})}
    assert len(recording.overlaps()[2]) == 13
    assert set(recording.originals) == {"einstein.jpg", "takeo.ppm"}
    einstein = next(answer for answer in recording.answers if answer.asset == "einstein.jpg")
    assert einstein.points[0] == [357.417253 - 1, 308.455774 - 1]


def test_a_limit_keeps_the_first_assets_and_people():
    answers = [
        Answer(person=person, asset=asset, points=[[0.0, 0.0]], visibility=[2], seconds=1.0)
        for asset in ("a", "b", "c")
        for person in ("ann", "ben")
    ]
    recording = Recording(
        source="x",
        preset="face5",
        landmarks=(),
        assets=[Asset(key=key) for key in "abc"],
        answers=answers,
        unit=box_diagonal,
    )

    limited = recording.limited(assets=2, people=1)

    assert [asset.key for asset in limited.assets] == ["a", "b"]
    assert [(answer.person, answer.asset) for answer in limited.answers] == [("ann", "a"), ("ann", "b")]


def test_the_error_is_a_share_of_the_unit():
    said = {"ann": [[0.0, 0.0], [30.0, 40.0]], "ben": [[5.0, 0.0], [35.0, 40.0]]}
    answers = [
        Answer(person=person, asset="a", points=points, visibility=[2, 2], seconds=1.0)
        for person, points in said.items()
    ]
    recording = Recording(source="x", preset="face5", landmarks=(), assets=[], answers=answers, unit=box_diagonal)

    assert measure.between_people(recording) == pytest.approx(0.1)


def test_other_columns_are_refused(tmp_path):
    file = tmp_path / "other.csv"
    file.write_text("a,b\n1,2\n")

    for reader in (lfpw.read, fish.read):
        with pytest.raises(Unreadable, match="columns"):
            reader(file)


def test_a_document_type_is_refused(tmp_path):
    file = tmp_path / "bomb.xml"
    file.write_text('<!DOCTYPE x [<!ENTITY a "aaaa">]><dataset>&a;</dataset>')

    with pytest.raises(Unreadable, match="document type"):
        faces.read_xml(file)
