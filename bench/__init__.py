"""How fast it is, each figure beside its floor in the same run: `jibao bench`.

Real servers with synced writes, each role a process of its own as in production, loopback only; every
measurement is bounded in count and time and stops what it started.
"""

from bench.runner import run_bench

__all__ = ["run_bench"]
