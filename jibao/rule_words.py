"""The words with which `jibao explain` and `jibao rules` speak to people, Chinese or English by locale.

Machines get the vocabulary's own words: nothing here is in any JSON.
"""

from jibao.words import pick
from schemas.vocabulary import Clock, Medium, NodeRole, Stage

ROLES = {
    NodeRole.UNIT: "事发单位",
    NodeRole.VILLAGE: "村、社区",
    NodeRole.TOWNSHIP: "乡镇、街道",
    NodeRole.COUNTY_DEPARTMENT: "县级部门",
    NodeRole.COUNTY: "县政府",
    NodeRole.CITY_DEPARTMENT: "市级部门",
    NodeRole.CITY: "市政府",
    NodeRole.PROVINCE_DEPARTMENT: "省级部门",
    NodeRole.PROVINCE: "省政府",
    NodeRole.MINISTRY: "国务院部门",
    NodeRole.STATE: "国务院",
    NodeRole.CDC: "疾控机构",
    NodeRole.AUTHORITY: "监管机构",
}
STAGES = {
    Stage.FIRST: "首报",
    Stage.FOLLOW_UP: "续报",
    Stage.VERIFICATION: "核报",
    Stage.FINAL: "终报",
    Stage.CORRECTION: "补报",
    Stage.FEEDBACK: "反馈",
    Stage.ZERO: "零报告",
    Stage.RETRACTION: "撤回",
}
MEDIA = {Medium.PHONE: "电话", Medium.WRITTEN: "书面", Medium.NETWORK: "网络", Medium.ANY: "不限"}
CLOCKS = {
    Clock.OCCURRED: "事发",
    Clock.KNOWN: "获悉",
    Clock.RECEIVED: "接报",
    Clock.JUDGED: "初判定级",
    Clock.STOPPED: "处置结束",
}
STATUSES = {
    "V1": ("", ""),
    "V2": ("部分核对", "partial"),
    "V3": ("转引", "secondary"),
    "local": ("本地", "local"),
    "draft": ("草案", "draft"),
}
REASONS = {
    "draft": ("草案，不适用", "a draft never applies"),
    "not_in_force": ("事发时不在施行期", "not in force then"),
    "region": ("不在适用地区", "another region"),
    "category": ("类别不符", "another category"),
    "grade": ("等级不符", "another grade"),
    "tags": ("无相应标签", "lacks the tag"),
    "quantities": ("未达数量标准", "below its threshold"),
    "conditions": ("附加条件不满足", "none of its conditions holds"),
    "final_filed": ("终报已报", "the final report was filed"),
    "stopped_before_elapsed": ("到时前处置已结束", "the response ended before that time"),
}


def role(one: NodeRole) -> str:
    """A node role by name."""
    return pick(ROLES[one], one.value.replace("_", " "))


def stage(one: Stage) -> str:
    """A stage by name."""
    return pick(STAGES[one], one.value.replace("_", "-"))


def medium(one: Medium) -> str:
    """A medium by name."""
    return pick(MEDIA[one], one.value)


def status(word: str) -> str:
    """The flag of a clause that was not read in full; nothing for V1."""
    return pick(*STATUSES[word])


def reason(word: str) -> str:
    """Why a limit does not apply, or for which clock it waits."""
    if not word.startswith("clock_not_started:"):
        return pick(*REASONS[word])
    clock, _, waiting = word.removeprefix("clock_not_started:").partition("@")
    name = pick(CLOCKS[Clock(clock)], clock)
    whose = f" ({role(NodeRole(waiting))})" if waiting else ""
    return pick(f"等待“{name}”时间{whose}", f"waits for `{name}`{whose}")
