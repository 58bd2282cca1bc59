"""The command that brings in a folder."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from projects.datasets.models import Asset, ImportBatch
from tests.datasets.pictures import bomb, drawn, encoded

PHOTOGRAPHS = Path(__file__).parents[3] / "shared" / "data" / "faces"


@pytest.fixture
def folder(tmp_path):
    for n in range(3):
        (tmp_path / "in" / "a").mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / "a" / f"{n}.png").write_bytes(encoded(drawn(seed=n)))
    (tmp_path / "in" / "bomb.png").write_bytes(bomb())
    (tmp_path / "in" / "notes.txt").write_text("not a picture")
    return tmp_path / "in"


def told(*args, **options):
    out = io.StringIO()
    call_command("import_assets", *map(str, args), stdout=out, **options)
    return out.getvalue()


def test_a_folder_is_brought_in_and_refusals_are_shown(faces, mara, folder):
    text = told(faces.pk, folder, dataset="second", by="mara")

    assert "3 brought in, 0 there already, 2 refused." in text
    assert "too_many_pixels" in text
    assert "notes.txt" in text
    assert set(Asset.objects.values_list("key", "dataset__name")) == {(f"a/{n}.png", "second") for n in range(3)}


def test_a_folder_brought_in_twice_is_there_once(faces, folder):
    told("faces", folder)

    assert "0 brought in, 3 there already, 2 refused." in told("faces", folder)
    assert Asset.objects.count() == 3


def test_a_folder_that_was_broken_off_goes_on(faces, mara, folder):
    told("faces", folder)
    was = ImportBatch.objects.get()
    ImportBatch.objects.filter(pk=was.pk).update(status="waiting", done=4, refused=1, finished_at=None)
    was.refusals.filter(row=4).delete()

    text = told("faces", folder)

    assert ImportBatch.objects.count() == 1
    assert "3 brought in, 0 there already, 2 refused." in text


def test_what_cannot_be_done_is_said(faces, make, mara, ann, tmp_path, folder):
    make.project(mara, name="twin")
    make.project(mara, name="twin")

    for args, options, word in [
        (("nothing", folder), {}, "No project"),
        (("twin", folder), {}, "More than one"),
        (("faces", folder), {"by": "nobody"}, "Nobody"),
        (("faces", folder), {"by": "ann"}, "may not manage"),
        (("faces", tmp_path / "missing"), {}, "not a folder"),
    ]:
        with pytest.raises(CommandError, match=word):
            told(*args, **options)


@pytest.mark.skipif(not PHOTOGRAPHS.is_dir(), reason="the photographs are not on this machine")
def test_real_photographs_are_brought_in_in_their_own_size(faces):
    text = told("faces", PHOTOGRAPHS)

    sizes = {asset.key: (asset.width, asset.height) for asset in Asset.objects.all()}
    photographs = [path.name for path in PHOTOGRAPHS.iterdir() if path.suffix in {".jpg", ".ppm"}]
    assert sorted(sizes) == sorted(photographs)
    assert (sizes["einstein.jpg"], sizes["takeo.ppm"]) == ((817, 1024), (150, 225))
    assert "einstein.pts" in text
