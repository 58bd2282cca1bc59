"""Array files: a crowd read from one .npz and its merged answers written to another."""

import os
import tempfile
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tasks.consensus.mergers.crowd import Contour, Crowd, MergedCrowd

NEEDED = ("image", "annotator", "points")
CONTOURS = ("contour_points", "contour_offsets", "contour_closed")


class BadArrayFile(ValueError):
    """The file is not one this command can merge; the message says what is wrong with it."""


def read(path: Path) -> Crowd:
    """Read a crowd; BadArrayFile if it is not one."""
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except OSError as error:
        raise BadArrayFile(f"{path} cannot be read: {error.strerror or error}.") from error
    except (ValueError, EOFError, zipfile.BadZipFile, AttributeError) as error:
        raise BadArrayFile(f"{path} is not an .npz file of plain arrays.") from error
    lacking = [name for name in NEEDED if name not in arrays]
    if lacking:
        raise BadArrayFile(f"{path} lacks {', '.join(lacking)}.")
    if ("gold_image" in arrays) != ("gold_points" in arrays):
        raise BadArrayFile(f"{path} must have both gold_image and gold_points, or neither.")
    wrong = [name for name, array in arrays.items() if array.dtype.kind not in "biuf"]
    if wrong:
        raise BadArrayFile(f"{path}: {', '.join(wrong)} must hold numbers.")
    try:
        return Crowd(
            image=arrays["image"],
            annotator=arrays["annotator"],
            points=arrays["points"],
            gold_image=arrays.get("gold_image", np.zeros(0, np.int64)),
            gold_points=arrays.get("gold_points"),
            template=arrays.get("template"),
            mirror=arrays.get("mirror"),
            group=arrays.get("group"),
            contours=_contours(arrays),
        )
    except ValueError as error:
        raise BadArrayFile(f"{path}: {error}") from error


def _contours(arrays: dict[str, NDArray[np.generic]]) -> tuple[Contour, ...]:
    """Chains are stored end to end; offsets say where each begins and the last ends."""
    given = [name for name in CONTOURS if name in arrays]
    if not given:
        return ()
    if len(given) < len(CONTOURS):
        raise ValueError(f"contours need all of {', '.join(CONTOURS)}.")
    points, offsets, closed = (np.asarray(arrays[name]).astype(np.int64) for name in CONTOURS)
    if points.ndim != 1 or closed.ndim != 1 or offsets.shape != (len(closed) + 1,):
        raise ValueError("contour_offsets must have one entry more than contour_closed.")
    if offsets[0] != 0 or offsets[-1] != len(points) or (np.diff(offsets) < 0).any():
        raise ValueError("contour_offsets must rise from 0 to the number of contour_points.")
    ends = zip(offsets[:-1], offsets[1:], closed, strict=True)
    return tuple(Contour(tuple(int(p) for p in points[a:b]), bool(c)) for a, b, c in ends)


def write(path: Path, merged: MergedCrowd) -> None:
    """Write the merged answers; a reader never sees half a file."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(
                file,
                image=merged.image,
                points=merged.points,
                covariance=merged.covariance,
                annotator=merged.annotator,
                annotator_error=merged.annotator_error,
                flag=merged.flag,
            )
            file.flush()
            os.fsync(file.fileno())
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(name, 0o666 & ~mask)
        os.replace(name, path)
    finally:
        Path(name).unlink(missing_ok=True)
