"""A low limit of open files is raised where the machine allows, said where it does not, and bounds the connections."""

import subprocess
import sys

import pytest

CHILD = """
import logging, resource
logging.basicConfig(level="WARNING")
resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}))
from runtime.file_limit import raise_file_limit, room_for_connections
print(raise_file_limit(), room_for_connections())
"""


@pytest.mark.parametrize(
    ("soft", "hard", "expected", "warns"),
    [(256, 4096, "4096 1000", False), (300, 300, "300 44", True), (64, 256, "256 16", True)],
)
def test_it_uses_what_the_machine_allows(soft: int, hard: int, expected: str, warns: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHILD.format(soft=soft, hard=hard)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == expected
    assert ("may be open" in done.stderr) is warns
