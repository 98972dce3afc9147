"""What a page's form sends: `application/x-www-form-urlencoded` in UTF-8, nothing else, and never multipart."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request

from producers.problems import Fault, Problem

KIND = "application/x-www-form-urlencoded"
FIELDS_AT_MOST = 20


async def read_form(request: Request, longest: Mapping[str, int]) -> dict[str, str]:
    """The fields that `longest` names, each at most once and at most so many characters; absent is "".

    Raises Problem 422 for what is no such form, 400 for what is no UTF-8.
    """
    body = await request.body()
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=bool(body),
            errors="strict",
            max_num_fields=FIELDS_AT_MOST,
        )
    except UnicodeDecodeError as error:
        zh, en = "表单应为 UTF-8", "the form must be UTF-8, percent-encoded"
        raise Problem(400, zh, en, [Fault("", "unreadable", en, zh)]) from error
    except ValueError as error:
        raise _wrong("", "不是有效的表单", "this is not a form") from error
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise _wrong("", "表单中有重复的字段", "the form has a field twice")
    for name, value in fields.items():
        if name not in longest:
            raise _wrong(name[:80], "没有这个字段", "no such field")
        if len(value) > longest[name]:
            raise _wrong(name, f"最多 {longest[name]} 个字符", f"at most {longest[name]} characters")
    return {name: fields.get(name, "") for name in longest}


def _wrong(field: str, zh: str, en: str) -> Problem:
    return Problem(422, zh, en, [Fault(field, "invalid", en, zh)])
