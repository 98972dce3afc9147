"""`python -m bench`: the same as `jibao bench`."""

import argparse
import sys

from bench import run_bench
from bench.runner import FIGURES

if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="Measure, each figure beside its floor."
    )
    parser.add_argument("--only", action="append", choices=list(FIGURES), help="only this measurement")
    parser.add_argument("--quick", action="store_true", help="small sizes")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    wanted = parser.parse_args()
    sys.exit(run_bench(wanted.only, wanted.json, wanted.quick))
