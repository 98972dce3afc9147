"""access.json of a running system: where it is and, in the demo, tokens by role."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jibao.words import fail
from rules.typed.encoding import decode
from rules.typed.signs import login


@dataclass(frozen=True)
class Access:
    """An address and a token to speak with."""

    base_url: str
    token: str


def read(data: Path) -> dict[str, Any]:
    """The file. Ends the command when there is none."""
    file = data / "access.json"
    try:
        return dict(json.loads(decode(file.read_bytes())))
    except FileNotFoundError:
        fail(
            f"没有 {file}；系统在运行吗？用 --data 指定数据目录",
            f"there is no {file}; is the system running? name its data folder with --data",
        )
    except (OSError, ValueError) as error:
        fail(f"无法读取 {file}：{error}", f"cannot read {file}: {error}")


def of(data: Path, role: str, url: str | None = None, token_file: Path | None = None) -> Access:
    """The address and token to use: what is named, else JIBAO_URL and JIBAO_TOKEN, else access.json's."""
    token = login(decode(token_file.read_bytes()) if token_file else os.environ.get("JIBAO_TOKEN", ""))
    base_url = url or os.environ.get("JIBAO_URL", "")
    if not token or not base_url:
        found = read(data)
        base_url, token = base_url or found["base_url"], token or found["tokens"].get(role, "")
    if not token:
        fail("没有令牌；用 --token-file 或 JIBAO_TOKEN", "no token; give --token-file or set JIBAO_TOKEN")
    return Access(base_url.rstrip("/"), token)
