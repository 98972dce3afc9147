"""What a door answers when it cannot do what was asked: problem+json that names field and reason, 中文 or English."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"

TITLES = {
    400: ("请求无法读取", "The request cannot be read"),
    401: ("请先登录", "Sign in first"),
    403: ("没有权限", "Not allowed"),
    404: ("没有找到", "Not found"),
    405: ("不支持这种操作", "Not supported here"),
    408: ("内容发送过慢", "Too slow"),
    410: ("已过期", "Over"),
    409: ("与已有记录冲突", "In conflict with what is recorded"),
    413: ("内容过长", "Too long"),
    415: ("格式不支持", "Unsupported format"),
    422: ("内容有误", "The content is not right"),
    429: ("尝试过于频繁", "Too many tries"),
    500: ("系统内部错误", "An error of ours"),
    503: ("未收到", "NOT received"),
}

FAULTS_TOLD = 200
"""The answer to a body of thousands of wrong fields names the first and counts the rest."""

FIELD_TOLD = 300

# How pydantic's own words read in Chinese, by error type; what is not listed is shown in English.
CHINESE = {
    "missing": "缺少此项",
    "extra_forbidden": "没有这个字段",
    "json_invalid": "不是有效的 JSON",
    "string_type": "应为文字",
    "string_too_long": "超过长度上限",
    "string_pattern_mismatch": "格式不正确",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "float_type": "应为数字",
    "greater_than_equal": "数值过小",
    "less_than_equal": "数值过大",
    "enum": "不是允许的取值",
    "uuid_parsing": "应为 UUID",
    "uuid_type": "应为 UUID",
    "dict_type": "应为对象",
    "model_type": "应为对象",
    "model_attributes_type": "应为对象",
    "tuple_type": "应为列表",
    "bool_type": "应为 true 或 false",
}


# What our own shapes refuse, by the word they give it; the answer's reason is then `invalid`.
OURS = {
    "unknown_category": "没有类别 {category}；见 GET /api/v1/categories",
    "one_medium": "一份报告只走一种方式：电话、书面或网络",
    "incident_needed": "{stage} 阶段的报告必须指明所属事件",
    "nothing_to_correct": "只有更正或撤回才指向先前的报告",
    "no_such_field": "报告没有字段 {name}",
    "nul_character": "文字里不能有字符 U+0000，数据库无法保存",
    "moment_out_of_range": "{zh}",
}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: where, the stable word for it, and a sentence; `zh` says it in Chinese."""

    field: str
    reason: str
    detail: str
    zh: str = ""

    def said(self, language: str) -> str:
        """The sentence in the asker's language, as far as there is one."""
        return self.detail if language == "en" else self.zh or self.detail

    @property
    def both(self) -> str:
        """The sentence in both languages, for what is kept: whoever reads it later may read either."""
        return f"{self.zh} / {self.detail}" if self.zh else self.detail


class Problem(Exception):
    """Raised anywhere in a door; answered as problem+json. `more` adds members, such as the phone to call."""

    def __init__(self, status: int, zh: str, en: str, faults: Sequence[Fault] = (), **more: Any) -> None:
        super().__init__(en)
        self.status = status
        self.said = (zh, en)
        self.faults = tuple(faults)
        self.more = more

    def answer(self, language: str) -> Response:
        """The answer in the asker's language."""
        which = 1 if language == "en" else 0
        body = {
            "type": "about:blank",
            "title": TITLES.get(self.status, ("出错", "Error"))[which],
            "status": self.status,
            "detail": self.said[which],
            "errors": [
                {"field": f.field, "reason": f.reason, "detail": f.said(language)} for f in self.faults
            ],
            **self.more,
        }
        headers = {"WWW-Authenticate": "Bearer"} if self.status == 401 else None
        return Response(
            json.dumps(body, ensure_ascii=False, default=str),
            self.status,
            headers=headers,
            media_type=MEDIA_TYPE,
        )


def language_of(headers: Any, cookies: Any) -> str:
    """`zh` or `en`: the cookie, else what the browser or client prefers, else Chinese."""
    chosen = cookies.get("jibao_lang") if cookies else None
    if chosen in ("zh", "en"):
        return str(chosen)
    accepted = headers.get("accept-language", "")
    for part in accepted.split(","):
        tag = part.split(";")[0].strip().lower()
        if tag.startswith("zh"):
            return "zh"
        if tag.startswith("en"):
            return "en"
    return "zh"


def of_validation(error: ValidationError, within: str = "") -> Problem:
    """Everything that is wrong with a body, each with its dotted field."""
    return of_errors(error.errors(include_url=False, include_input=False), within)


def of_errors(errors: Sequence[Any], within: str = "") -> Problem:
    """The same from a list of pydantic's errors; FastAPI puts `body`, `query` or `path` before the field."""
    faults = [_fault(one, within) for one in errors[:FAULTS_TOLD]]
    unreadable = any(fault.reason == "json_invalid" for fault in faults)
    first = faults[0]
    where = f"{first.field}: " if first.field else ""
    return Problem(
        400 if unreadable else 422,
        f"{where}{first.said('zh')}（共 {len(errors)} 处）",
        f"{where}{first.detail} ({len(errors)} in all)",
        faults,
    )


def _fault(one: Any, within: str) -> Fault:
    loc = one["loc"][1:] if one["loc"][:1] in (("body",), ("query",), ("path",)) else one["loc"]
    field = ".".join(str(part) for part in loc)
    reason, detail, about = str(one["type"]), str(one["msg"]), one.get("ctx", {})
    zh = ""
    if reason in OURS:
        field, zh, reason = field or about.get("field", ""), OURS[reason].format(**about), "invalid"
    elif "zh" in about:
        zh = about["zh"]  # whoever refused it has said it in both languages
    elif reason in CHINESE:
        zh = f"{CHINESE[reason]}（{detail}）"
    return Fault((f"{within}.{field}".strip(".") if within else field)[:FIELD_TOLD], reason, detail, zh)
