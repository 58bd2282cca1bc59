"""The benchmark's command: mergers and baselines before one judge, overlap where it is needed, LFPW's third person."""

import csv
import json
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from orchestrator.bench import overlap
from tasks.consensus.mergers.baselines import BASELINES
from tasks.consensus.mergers.choose import Choice
from tasks.consensus.mergers.components import MEDIAN
from tasks.consensus.mergers.reliability import Reliability
from tests.mergers.crowds import face, people

JUDGE = """
import json, sys
import numpy as np
case, merged = np.load(sys.argv[1].replace(".npz", ".truth.npz")), np.load(sys.argv[2])
error = np.linalg.norm(merged["points"][: len(case["points"])] - case["points"], axis=-1)
print(json.dumps({"case": "little", "nme": float(error.mean()), "by_group": {"all": float(error.mean())}}))
"""


@pytest.fixture
def folder(tmp_path):
    """One case: 14 images, five answers each, with careless people among them and no gold."""
    crowd, truth = people(images=14, per_image=5, gold=0, careless=2)
    np.savez(tmp_path / "little.npz", image=crowd.image, annotator=crowd.annotator, points=crowd.points)
    np.savez(tmp_path / "little.truth.npz", points=truth, iod=np.full(len(truth), 100.0))
    (tmp_path / "score.py").write_text(JUDGE)
    return tmp_path


def bench(*arguments, **options):
    out = StringIO()
    call_command("bench_consensus", *arguments, stdout=out, **options)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_baselines_are_judged_beside_the_method_asked_for(folder):
    lines = bench(folder, method="median", baselines=True)

    assert [line["method"] for line in lines] == ["median", *(f"baseline: {name}" for name in BASELINES)]
    by_method = {line["method"]: line["nme"] for line in lines}
    assert by_method["baseline: geometric median"] == pytest.approx(by_method["median"])
    assert by_method["baseline: mean"] > by_method["median"]
    assert by_method["baseline: DBSCAN eps 5 min 3"] is None  # JSON has no NaN


def test_what_is_not_there_is_refused_with_a_sentence(folder, tmp_path):
    with pytest.raises(CommandError, match=r"no case big.*It has: little"):
        bench(folder, case=["big"])
    with pytest.raises(CommandError, match=r"holds no score\.py"):
        bench(tmp_path / "elsewhere")
    with pytest.raises(CommandError, match="cannot be read"):
        bench(folder, lfpw=tmp_path / "nowhere.csv")


def test_a_failing_judge_is_reported_in_its_own_words(folder):
    (folder / "score.py").write_text("import sys; sys.exit('the truth is out')")

    with pytest.raises(CommandError, match="the truth is out"):
        bench(folder, method="median")


def test_answers_are_revealed_in_an_order_that_the_number_alone_decides(folder):
    answers = overlap.reveal(folder / "little.npz", order=3)
    again = overlap.reveal(folder / "little.npz", order=3)
    other = overlap.reveal(folder / "little.npz", order=4)

    two = answers.first(np.full(14, 2))
    assert np.array_equal(answers.turn, again.turn)
    assert not np.array_equal(answers.turn, other.turn)
    assert np.bincount(two.image).tolist() == [2] * 14
    assert len(answers.first(answers.number).image) == 70


def test_another_person_is_asked_only_where_the_error_foreseen_is_above_the_target(folder):
    answers = overlap.reveal(folder / "little.npz", order=0)
    choice = Choice(MEDIAN, None)
    begun = Reliability(choice=choice).merge_all(answers.first(np.full(14, 2)))
    foreseen = overlap.predicted_error(begun, answers.crowd)

    content, two = overlap.ask_until(float(foreseen.max()), answers, choice, begun)
    _, some = overlap.ask_until(float(np.median(foreseen)), answers, choice, begun)
    strict, all_ = overlap.ask_until(0.0, answers, choice, begun)

    assert two.tolist() == [2] * 14
    assert all_.tolist() == [5] * 14
    assert (some[foreseen <= np.median(foreseen)] == 2).all()
    assert (some[foreseen > np.median(foreseen)] > 2).all()
    assert strict.mean() < content.mean()


def test_dynamic_overlap_is_compared_with_each_fixed_one(folder):
    lines = bench(folder, dynamic=True, case=["little"])

    assert [line["overlap"] for line in lines] == ["fixed 2", "fixed 3", "fixed 4", "fixed 5", "dynamic"]
    assert [line["answers"] for line in lines[:4]] == [2, 3, 4, 5]


def write_lfpw(path, faces=4):
    names = ["left_eye_pupil", "right_eye_pupil", "left_mouth_out", "right_mouth_out", "chin", "left_ear_top"]
    rng = np.random.default_rng(0)
    with path.open("w", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["image", "url", "worker", "landmark", "x", "y", "code"])
        for image in range(faces):
            for worker in range(3):
                for name, place in zip(names, face() * 1.0 + 300, strict=False):
                    rows.writerow([image, "", f"worker_{worker}", name, *(place + rng.normal(0, 1, 2)), 0])


def test_two_people_foretell_the_third_and_ears_do_not_count(tmp_path):
    write_lfpw(tmp_path / "annotations.csv")

    lines = bench(tmp_path, lfpw=tmp_path)

    by_method = {line["method"]: line for line in lines}
    assert set(BASELINES) | {"reliability", "one of the two"} <= set(by_method)
    assert all(line["faces"] == 4 for line in lines)
    assert by_method["mean"]["nme"] < by_method["one of the two"]["nme"]


def test_on_lfpw_two_people_merged_are_nearer_to_the_third_than_any_baseline_that_leaves_nothing_out():
    folder = Path(__file__).resolve().parents[3] / "shared" / "data" / "lfpw"
    if not folder.is_dir():
        pytest.skip("needs ../shared/data/lfpw")

    figures = {line["method"]: line for line in bench(folder, lfpw=folder)}

    complete = [figures[name]["nme"] for name in BASELINES if not figures[name]["missing"]]
    assert figures["reliability"]["nme"] <= 0.0418
    assert figures["reliability"]["nme"] < 0.96 * min(complete)
