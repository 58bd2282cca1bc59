"""Merge an array file outside the service: `python -m tasks.consensus.mergers IN.npz OUT.npz --method median`."""

import argparse
import sys
from pathlib import Path

from tasks.consensus.mergers import MERGERS
from tasks.consensus.mergers.arrayfile import BadArrayFile, read, write


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0 when merged, 2 when the input or the place of the output is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tasks.consensus.mergers", description=__doc__)
    parser.add_argument("source", type=Path, metavar="IN.npz")
    parser.add_argument("target", type=Path, metavar="OUT.npz")
    parser.add_argument("--method", choices=sorted(MERGERS), default="median")
    chosen = parser.parse_args(arguments)
    try:
        crowd = read(chosen.source)
    except BadArrayFile as error:
        print(error, file=sys.stderr)
        return 2
    merged = MERGERS[chosen.method]().merge_all(crowd)
    try:
        write(chosen.target, merged)
    except OSError as error:
        print(
            f"{chosen.target} cannot be written: {error.strerror or error}.",
            file=sys.stderr,
        )
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
