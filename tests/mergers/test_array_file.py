"""Array files in, array files out, by the command."""

import numpy as np
import pytest

from tasks.consensus.mergers.__main__ import main
from tests.mergers.crowds import people


@pytest.fixture
def arrays():
    crowd, _ = people(images=6, gold=2)
    return {
        "image": crowd.image.astype(np.int32),
        "annotator": crowd.annotator.astype(np.int32),
        "points": crowd.points.astype(np.float32),
        "gold_image": crowd.gold_image,
        "gold_points": crowd.gold_points,
        "mirror": crowd.mirror.astype(np.int16),
        "group": crowd.group.astype(np.int8),
        "contour_points": np.arange(7),
        "contour_offsets": np.array([0, 7]),
        "contour_closed": np.array([False]),
    }


def test_the_command_writes_what_was_promised_and_leaves_nothing_else(arrays, tmp_path):
    np.savez(tmp_path / "in.npz", **arrays)

    assert main([str(tmp_path / "in.npz"), str(tmp_path / "out.npz"), "--method", "median"]) == 0

    with np.load(tmp_path / "out.npz", allow_pickle=False) as out:
        assert set(out.files) == {
            "image",
            "points",
            "covariance",
            "annotator",
            "annotator_error",
            "flag",
        }
        assert out["points"].shape == (8, 17, 2)
        assert out["covariance"].shape == (8, 17, 2, 2)
        assert len(out["flag"]) == len(arrays["image"])
        assert np.array_equal(out["image"], np.arange(8))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.npz", "out.npz"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"points": None}, "lacks points"),
        ({"gold_points": None}, "both gold_image and gold_points"),
        ({"image": np.arange(3)}, "image must be whole numbers"),
        ({"mirror": np.roll(np.arange(17), 1)}, "mirror must lead back"),
        ({"contour_offsets": np.array([0, 9])}, "contour_offsets must rise"),
        ({"contour_closed": None}, "contours need all of"),
        ({"contour_points": np.zeros(7, int)}, "repeats a landmark"),
        ({"annotator": np.array(["ann"] * 24)}, "annotator must hold numbers"),
    ],
)
def test_a_bad_file_is_refused_with_a_reason_and_code_2(arrays, tmp_path, capsys, change, words):
    arrays.update(change)
    np.savez(
        tmp_path / "in.npz",
        **{name: array for name, array in arrays.items() if array is not None},
    )

    code = main([str(tmp_path / "in.npz"), str(tmp_path / "out.npz")])

    assert code == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "out.npz").exists()


def test_a_file_of_objects_is_never_unpickled(tmp_path, capsys):
    np.savez(tmp_path / "in.npz", image=np.array([{"a": 1}], dtype=object))

    assert main([str(tmp_path / "in.npz"), str(tmp_path / "out.npz")]) == 2
    assert "plain arrays" in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04half"])
def test_what_is_no_array_file_is_refused(tmp_path, capsys, content):
    (tmp_path / "in.npz").write_bytes(content)

    assert main([str(tmp_path / "in.npz"), str(tmp_path / "out.npz")]) == 2
    assert "in.npz" in capsys.readouterr().err


def test_a_missing_file_and_a_missing_folder_are_refused(arrays, tmp_path, capsys):
    np.savez(tmp_path / "in.npz", **arrays)

    assert main([str(tmp_path / "none.npz"), str(tmp_path / "out.npz")]) == 2
    assert main([str(tmp_path / "in.npz"), str(tmp_path / "none" / "out.npz")]) == 2
    assert "cannot be written" in capsys.readouterr().err
