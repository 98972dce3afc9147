"""Every figure can be measured: once each, so small that only its working is proved, never its speed."""

from collections.abc import AsyncIterator

import pytest

from bench.figures import Figure, Scale
from bench.runner import FIGURES
from bench.stack import Servers, open_servers

NAMES = {
    "accept": ["accept"],
    "store": ["store"],
    "pull": ["pull p50", "pull p99", "pull max"],
    "alert": ["alert p50", "alert p99"],
    "flood": ["flood"],
    "deadlines": ["lateness p50 1k", "lateness p99 1k", "burst 1k"],
    "rules": ["rules 200", "rules 2,000"],
    "replay": ["replay"],
}


@pytest.fixture
async def servers() -> AsyncIterator[Servers]:
    """A bench run's own PostgreSQL."""
    async with open_servers() as opened:
        yield opened


async def test_it_measures_every_figure_beside_its_floor(servers: Servers) -> None:
    measured: dict[str, list[Figure]] = {}
    for name, measure in FIGURES.items():
        measured[name] = await measure(servers, Scale.TINY, lambda _: None)
    assert {name: [figure.name for figure in figures] for name, figures in measured.items()} == NAMES
    for figure in [one for figures in measured.values() for one in figures]:
        assert figure.ours > 0 and figure.floor > 0, figure
        assert figure.what and figure.floor_is and figure.unit, figure
    assert [entry.name for entry in servers.folder.iterdir()] == ["pg"], "a measurement left its house behind"
