"""What every page tells the browser: no script but ours, no frame, no guessing of types, no copy kept by others."""

import pytest

from tests.browsers import signed_in
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize("path", ["/login", "/console", "/report", "/timeliness"])
async def test_it_sends_a_strict_policy_with_every_page(shared_world: World, path: str) -> None:
    async with signed_in(shared_world, "duty.li") as one:
        client = shared_world.http if path == "/login" else one.http
        answer = await client.get(path)
    policy = answer.headers["content-security-policy"]
    assert answer.status_code == 200
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy and "unsafe-eval" not in policy and "http:" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] in ("same-origin", "no-referrer")
    assert answer.headers["cache-control"] in ("private, no-cache", "no-store")


@pytest.mark.parametrize("path", ["/login", "/console", "/report"])
async def test_it_has_no_inline_script_that_the_policy_would_have_to_allow(
    shared_world: World, path: str
) -> None:
    async with signed_in(shared_world, "duty.li") as one:
        page = (await (shared_world.http if path == "/login" else one.http).get(path)).text
    assert " onclick=" not in page and "javascript:" not in page
    assert all("src=" in part.split(">")[0] for part in page.split("<script")[1:])


async def test_it_shows_nobodys_data_in_an_answer_that_a_browser_may_keep(shared_world: World) -> None:
    answer = await shared_world.call("duty_officer", "GET", "/api/v1/incidents")
    assert "public" not in answer.headers.get("cache-control", "")


@pytest.mark.parametrize(
    "path", ["/static/../../pyproject.toml", "/static/x/..%2f..%2fpage_files.py", "/static/%2e%2e/"]
)
async def test_it_serves_no_file_outside_its_folder(shared_world: World, path: str) -> None:
    assert (await shared_world.http.get(path)).status_code == 404
