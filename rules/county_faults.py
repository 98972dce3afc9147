"""What can be wrong with a county's files, in both languages, each fault with how to mend it."""

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """The kinds of finding of `jibao roster check`."""

    BAD_FILE = "bad_file"
    DUPLICATE = "duplicate"
    NO_COUNTY_NODE = "no_county_node"
    UNKNOWN_NODE = "unknown_node"
    UNKNOWN_POST = "unknown_post"
    UNKNOWN_PERSON = "unknown_person"
    UNKNOWN_CATEGORY = "unknown_category"
    PARENT_LOOP = "parent_loop"
    OUTSIDE_COUNTY = "outside_county"
    SHIFT_ENDS_BEFORE_START = "shift_ends_before_start"
    SHIFTS_OVERLAP = "shifts_overlap"
    ROTATIONS_OVERLAP = "rotations_overlap"
    TWO_POSTS_AT_ONCE = "two_posts_at_once"
    POST_UNCOVERED = "post_uncovered"
    LADDER_UNCOVERED = "ladder_uncovered"
    NO_CONTACT = "no_contact"
    EMPTY_ADDRESS = "empty_address"
    MAY_NOT_ACKNOWLEDGE = "may_not_acknowledge"
    NO_DEFAULT_LADDER = "no_default_ladder"
    NO_WAIT = "no_wait"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault at one place: the file, the item in it, its key, what is wrong and how to mend it."""

    fault: Fault
    file: str
    item: str
    key: str
    what_zh: str
    what_en: str
    mend_zh: str
    mend_en: str

    @property
    def warning(self) -> bool:
        """Whether a county can live with it."""
        return self.fault in WARNINGS


WARNINGS = frozenset({Fault.TWO_POSTS_AT_ONCE})

TEXTS: dict[Fault, tuple[str, str, str, str]] = {
    Fault.BAD_FILE: ("{name}", "{name}", "改正该项", "correct the entry"),
    Fault.DUPLICATE: (
        "“{name}”出现了两次",
        "“{name}” stands there twice",
        "删除或改名其中一个",
        "delete or rename one of them",
    ),
    Fault.NO_COUNTY_NODE: (
        "本县节点“{name}”不在单位表中，或角色不是 county",
        "the county's own node “{name}” is not among the nodes, or its role is not county",
        '在 nodes.toml 中补上该节点（role = "county"）',
        'add that node to nodes.toml with role = "county"',
    ),
    Fault.UNKNOWN_NODE: (
        "没有单位“{name}”",
        "there is no node “{name}”",
        "改用已有单位代码",
        "name an existing node",
    ),
    Fault.UNKNOWN_POST: (
        "没有岗位“{name}”",
        "there is no post “{name}”",
        "在 roster.toml 的 [[posts]] 中补上，或改用已有岗位",
        "add it under [[posts]] in roster.toml, or name an existing post",
    ),
    Fault.UNKNOWN_PERSON: (
        "没有人员“{name}”",
        "there is no person with the login “{name}”",
        "在 people.toml 中补上，或改用已有登录名",
        "add the person to people.toml, or name an existing login",
    ),
    Fault.UNKNOWN_CATEGORY: (
        "没有事件类别“{name}”",
        "there is no category “{name}”",
        "改用类别表中的代码",
        "use an identifier of the category tree",
    ),
    Fault.PARENT_LOOP: (
        "上级单位成环：{name}",
        "the parents form a loop: {name}",
        "改正其中一个 parent",
        "correct one of the parents",
    ),
    Fault.OUTSIDE_COUNTY: (
        "区划代码 {name} 不在本县之内",
        "the division code {name} does not lie in this county",
        "改正区划代码",
        "correct the division code",
    ),
    Fault.SHIFT_ENDS_BEFORE_START: (
        "班次在开始之前就结束（{name}）",
        "the shift ends before it begins ({name})",
        "改正起止时间",
        "correct its times",
    ),
    Fault.SHIFTS_OVERLAP: (
        "与同一岗位的另一班次重叠：{name}",
        "it overlaps another shift of the same post: {name}",
        "调整其中一个班次的起止时间",
        "move the start or the end of one of them",
    ),
    Fault.ROTATIONS_OVERLAP: (
        "同一岗位有两个轮班：{name}",
        "two rotations hold the same post: {name}",
        "合并为一个轮班，临时换班用 [[shifts]]",
        "join them into one; for a swap use [[shifts]]",
    ),
    Fault.TWO_POSTS_AT_ONCE: (
        "{name} 同时在岗位 {key} 值班",
        "{name} is on duty at {key} at the same time",
        "换一个人，或确认一人兼两岗可以接受",
        "put somebody else there, or accept that one person holds both",
    ),
    Fault.POST_UNCOVERED: (
        "{name} 无人在岗",
        "nobody holds this post {name}",
        "安排班次或轮班，或指定固定人员（holder）",
        "add a shift or a rotation, or name a fixed holder",
    ),
    Fault.LADDER_UNCOVERED: (
        "{name} 整个呼叫链无人可通知",
        "nobody on the whole ladder can be told {name}",
        "至少为一个岗位指定固定人员（holder）",
        "name a fixed holder for at least one of its posts",
    ),
    Fault.NO_CONTACT: (
        "{name} 没有任何联系方式，有事无法通知",
        "{name} has no contact and cannot be told",
        "在 people.toml 中补上 contacts",
        "give the person a contact in people.toml",
    ),
    Fault.EMPTY_ADDRESS: (
        "{name} 联系方式没有地址",
        "the {name} contact has no address",
        "填写 URL，或删除该联系方式",
        "give its URL, or delete the contact",
    ),
    Fault.MAY_NOT_ACKNOWLEDGE: (
        "在呼叫链上，但其权限（{name}）不能签收",
        "stands on a ladder, but the role {name} may not acknowledge",
        "把 role 改为 duty_officer 或 duty_leader",
        "make the role duty_officer or duty_leader",
    ),
    Fault.NO_DEFAULT_LADDER: (
        "没有默认呼叫链：有的事件将无人接到通知",
        "there is no default ladder: some incidents would reach nobody",
        "增加一个不写 categories 和 grades 的呼叫链",
        "add a ladder without categories and grades",
    ),
    Fault.NO_WAIT: (
        "岗位 {name} 这一级没有等待时间",
        "the step of {name} says nothing about how long to wait",
        "为每个等级填写 wait_minutes",
        "give wait_minutes for each grade",
    ),
}


def finding(fault: Fault, file: str, item: str, *, key: str = "", name: str = "") -> Finding:
    """A finding in words; `name` is who or what the fault is about."""
    texts = [text.format(name=name, key=key) for text in TEXTS[fault]]
    return Finding(fault, file, item, key, *texts)
