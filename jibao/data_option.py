"""`--data DIR` of the commands that speak to a database as its owner: the folder of a running `jibao up`."""

from pathlib import Path
from typing import Annotated

import typer

_named: list[Path] = []


def _remember(folder: Path | None) -> Path | None:
    _named[:] = [folder] if folder is not None else []
    return folder


Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        callback=_remember,
        help="运行中系统的数据目录 · the data folder of a running system, instead of JIBAO_DATABASE_*",
    ),
]
"""Every command of `jibao county` takes it; what it names is read by `data_folder`."""


def data_folder() -> Path | None:
    """What this command's `--data` named."""
    return _named[0] if _named else None
