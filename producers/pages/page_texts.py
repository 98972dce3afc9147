"""Every visible word, by language. Chinese is the default; both files hold the same keys (a test compares them)."""

import json
from collections.abc import Callable
from pathlib import Path

from starlette.requests import Request

LANGUAGES = ("zh", "en")
COOKIE = "jibao_lang"
FOLDER = Path(__file__).parent / "texts"

TEXTS: dict[str, dict[str, str]] = {
    language: json.loads((FOLDER / f"{language}.json").read_text("utf-8")) for language in LANGUAGES
}

Translate = Callable[..., str]


def language_of(request: Request) -> str:
    """The language asked for in the address, else kept in the cookie, else the browser's first that we speak."""
    for asked in (request.query_params.get("lang"), request.cookies.get(COOKIE)):
        if asked in LANGUAGES:
            return asked
    return preferred(request.headers.get("accept-language", ""))


def preferred(accept_language: str) -> str:
    """The best of our languages for an Accept-Language header, by its q values; Chinese when none fits."""
    ranked: list[tuple[float, str]] = []
    for part in accept_language.split(","):
        tag, _, parameter = part.strip().partition(";")
        weight = parameter.strip().removeprefix("q=")
        try:
            rank = float(weight) if weight else 1.0
        except ValueError:
            continue
        ranked.append((rank, tag.split("-")[0].lower()))
    for rank, tag in sorted(ranked, key=lambda pair: -pair[0]):
        if tag in LANGUAGES and rank > 0:
            return tag
    return LANGUAGES[0]


def translator(language: str) -> Translate:
    """`t(key, name=value)`: an unknown key is an error, so no page ever shows a bare key."""
    texts = TEXTS[language]

    def t(key: str, **values: object) -> str:
        text = texts[key]
        for name, value in values.items():
            text = text.replace("{" + name + "}", str(value))
        return text

    return t
