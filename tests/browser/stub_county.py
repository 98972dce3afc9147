"""A small county for the pages: people, nodes, and incidents in every state that a page must be able to show."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from schemas.categories import CATEGORIES

Json = dict[str, Any]

COUNTY: Json = {
    "name": "云岭县",
    "name_en": "Yunling County (demo)",
    "phone": "0990-5550100",
    "timezone": "Asia/Shanghai",
}
NODES: list[Json] = [
    {"code": code, "name": name, "name_en": name_en, "role": role, "division": code, "phone": phone}
    for code, name, name_en, role, phone in (
        ("990101", "云岭县人民政府总值班室", "Yunling County Duty Office", "county", "0990-5550100"),
        ("990101001", "城关街道", "Chengguan Subdistrict", "township", "0990-5551001"),
        ("990101101", "石桥镇", "Shiqiao Town", "township", "0990-5551101"),
        ("990101203", "青溪乡", "Qingxi Township", "township", "0990-5551203"),
    )
]
NODE_OF = {node["code"]: node for node in NODES}


_KEYS = ("login", "name", "name_en", "post", "role", "node", "phone")
PEOPLE: dict[str, Json] = {
    one[0]: dict(zip(_KEYS, one, strict=True)) | {"person_id": str(uuid4()), "node": NODE_OF[one[5]]}
    for one in (
        ("town.sun", "孙立", "Sun Li", "乡镇值班员", "reporter", "990101101", "0990-5552101"),
        ("town.he", "何敏", "He Min", "乡镇值班员", "reporter", "990101203", "0990-5552203"),
        ("duty.li", "李明远", "Li Mingyuan", "值班员", "duty_officer", "990101", "0990-5550101"),
        ("leader.chen", "陈建国", "Chen Jianguo", "带班领导", "duty_leader", "990101", "0990-5550111"),
        ("audit.wu", "吴静", "Wu Jing", "督查", "auditor", "990101", "0990-5550131"),
    )
}
STEPS: list[Json] = [
    {
        "step": n,
        "post": post,
        "post_name": name,
        "person_name": who,
        "login": login,
        "phone": phone,
        "wait_minutes": 3,
    }
    for n, (post, name, who, login, phone) in enumerate(
        (
            ("duty_officer", "值班员", "李明远", "duty.li", "0990-5550101"),
            ("duty_leader", "带班领导", "陈建国", "leader.chen", "0990-5550111"),
            ("office_director", "办公室主任", "周海燕", None, "0990-5550121"),
            ("deputy_county_head", "分管副县长", None, None, None),
            ("county_head", "县长", "高志远", None, "0990-5550141"),
        )
    )
]


def limit(due: datetime, title: str, **changes: object) -> Json:
    base = {
        "id": "demo.township.written",
        "pack": "demo-county",
        "version": "2026.1",
        "title": title,
        "due_at": due.isoformat(),
        "clock": "occurred",
        "document": "云岭县突发事件信息报告办法",
        "number": "云政办〔2025〕12号",
        "article": "第六条",
        "status": "V3",
    }
    return base | changes


def obligation(incident: Json, due: datetime, stage: str, medium: str, **changes: object) -> Json:
    others = [
        limit(
            due + timedelta(hours=1),
            "事故发生后1小时内报告",
            document="生产安全事故报告和调查处理条例",
            number="国务院令第493号",
            article="第九条",
            status="V1",
            id="national.493.9",
            pack="work-safety",
        )
    ]
    base = {
        "obligation_id": str(uuid4()),
        "incident_id": incident["incident_id"],
        "incident_number": incident["number"],
        "incident_title": incident["title"],
        "from_role": "township",
        "from_node": "990101101",
        "from_name": "石桥镇",
        "to_role": "county",
        "to_node": "990101",
        "to_name": "云岭县人民政府总值班室",
        "stage": stage,
        "medium": medium,
        "occurrence": 1,
        "state": "open",
        "due_at": due.isoformat(),
        "opened_at": incident["received_at"],
        "breached_at": None,
        "detected_at": None,
        "done_at": None,
        "lateness_seconds": None,
        "reason": None,
        "binding": limit(due, "乡镇向县政府书面报告"),
        "others": others,
    }
    return base | changes


def city_leg() -> Json:
    return {
        "from_role": "county",
        "from_node": "990101",
        "from_name": "云岭县人民政府总值班室",
        "to_role": "city",
        "to_node": "990100",
        "to_name": "云州市人民政府总值班室",
    }


def category_names(category: str) -> Json:
    name, name_en = CATEGORIES[category]
    return {"category": category, "category_name": name, "category_name_en": name_en}
