"""The three seed incidents as they are played: who does what at which minute; every act goes through a door.

1 an expressway accident, with the industrial park's traffic jam; 2 a quarrel over a drinking-water source between a
village and a township; 3 the burst of a primary heating main.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

from jibao.demo_stage import LOOK_EVERY, LOOKS, Actor, Failed, Stage

COMPLETE = {"cause": "调查中，正在核实", "losses": "正在统计", "next_steps": "伤员救治、善后和原因调查"}


@dataclass
class Cast:
    """Who plays: the duty officer and duty leader of the shift, and the reporters."""

    officer: Actor
    leader: Actor
    director: Actor
    township: Actor
    hill_township: Actor
    park: Actor
    heating: Actor


@dataclass
class Play:
    """One incident's acts in common."""

    stage: Stage
    cast: Cast
    incident_id: str = ""

    async def call(self, minute: float, unit: str, report: dict[str, Any]) -> None:
        """The duty officer logs a phone call that came at `minute`."""
        await self.stage.until(minute + 1)
        body = {
            "medium": "phone",
            "source": {"unit": unit, "name": "值守人员", "phone": "0990-5550103"},
        } | report
        receipt = await self.cast.officer.send(
            "calls", called_at=self.stage.at(minute).isoformat(), report=body
        )
        self.incident_id = receipt["incident_id"]
        self.stage.tell(f"☎  电话首报登记：{report['title']}", f"☎  phone report logged: {report['title']}")

    async def write(self, who: Actor, report: dict[str, Any]) -> None:
        """A unit writes a report on its page."""
        receipt = await who.send("reports", medium="written", **report)
        self.incident_id = receipt["incident_id"]
        stage = report.get("stage", "first")
        self.stage.tell(
            f"✎  {who.name} 报送（{stage}）：{report['title']}，回执 {receipt['receipt_no']}",
            f"✎  {who.name} reports ({stage}): {report['title']}, receipt {receipt['receipt_no']}",
        )

    async def acknowledge(self, note: str = "收到，正在处置", **more: Any) -> None:
        """The duty officer has it."""
        for _ in range(LOOKS):
            incident = await self.cast.officer.get(f"incidents/{self.incident_id}")
            waiting = [a for a in incident["alerts"] if a["state"] in ("open", "exhausted")]
            if waiting:
                done = await self.cast.officer.post(
                    f"alerts/{waiting[0]['alert_id']}/acknowledge", note=note, **more
                )
                who = done["acknowledged_by_name"]
                self.stage.tell(f"✓  {who} 已签收：{note}", f"✓  acknowledged by {who}: {note}")
                return
            if any(a["acknowledged_medium"] == "own_act" for a in incident["alerts"]):
                name = self.cast.officer.name  # whoever logged the call herself is not called for it
                self.stage.tell(f"✓  {name} 本人登记，视同签收", f"✓  {name} logged it, and so has it")
                return
            await asyncio.sleep(LOOK_EVERY)
        raise Failed(f"nobody was told about {self.incident_id}")

    async def grade(self, grade: str, note: str) -> None:
        """The duty officer sets the grade."""
        await self.cast.officer.post(f"incidents/{self.incident_id}/grade", grade=grade, note=note)
        self.stage.tell(f"▲  定级为 {grade}：{note}", f"▲  graded {grade}: {note}")

    async def forward(self, stage: str, medium: str) -> None:
        """The county's own report to the city."""
        done = await self.cast.officer.post(
            f"incidents/{self.incident_id}/forward",
            to_role="city", stage=stage, medium=medium, sent_at=self.stage.now().isoformat(),
            receipt_no=f"市值收-{self.incident_id[:4]}-{stage}", received_by="市总值班室",
        )  # fmt: skip
        self.stage.tell(
            f"↑  报市（{stage}/{medium}），完成义务 {len(done['met'])} 项",
            f"↑  to the city ({stage}/{medium}), {len(done['met'])} obligation(s) met",
        )

    async def finish(self, minute: float, reporter: Actor, title: str) -> None:
        """The response ends, final reports go up, the incident is closed."""
        stage = self.stage
        await stage.until(minute)
        await self.cast.officer.post(
            f"incidents/{self.incident_id}/stop", stopped_at=stage.at(minute).isoformat()
        )
        stage.tell(f"■  处置结束：{title}", f"■  response ended: {title}")
        await stage.until(minute + 30)
        final = {
            "stage": "final", "incident_id": self.incident_id, "title": f"{title}终报",
            "casualties": {"deaths": 0, "injuries": 3},
            "details": COMPLETE | {"process": "经过已查明", "measures": "现场处置完毕"},
        }  # fmt: skip
        await self.write(reporter, final)
        await stage.until(minute + 45)
        await self.forward("final", "written")
        await stage.until(minute + 50)
        await self.cast.officer.post(f"incidents/{self.incident_id}/close", why="final_report")
        stage.tell(f"●  办结：{title}", f"●  closed: {title}")


async def expressway(play: Play) -> None:
    """Phone first, then text; regraded to III; follow-ups before 17:00."""
    stage, cast = play.stage, play.cast
    place = {"division": "990101103", "text": "青云高速 K12+300 下行"}
    known = {"category": "accident.traffic.expressway", "place": place, "occurred_at": stage.at(-3).isoformat(),
             "known_at": stage.at(-1).isoformat()}  # fmt: skip
    title = "青云高速 K12 三车追尾"
    details = {"process": "三车追尾，一辆载客 9 人", "measures": "交警、救护已到场"}
    await play.call(
        0, "990101103", known | {"title": title, "casualties": {"injuries": 2}, "details": details}
    )
    await stage.until(3)
    await play.acknowledge()
    await stage.until(9)
    text = known | {
        "title": title,
        "incident_id": play.incident_id,
        "casualties": {"injuries": 5},
        "details": details,
    }
    await play.write(cast.township, text | {"source": {"name": "王报送", "phone": "0990-5550103"}})
    await stage.until(14)
    await play.forward("first", "phone")
    await stage.until(24)
    await play.grade("III", "新增重伤，合计 3 人死亡")
    await stage.until(26)
    await play.acknowledge("已报告带班领导")
    await stage.until(38)
    await play.forward("first", "written")
    await stage.until(stage.minute_of(16, 20))
    news = {"stage": "follow_up", "incident_id": play.incident_id, "title": "青云高速事故续报一",
            "details": {"process": "现场清理完毕，双向恢复通行"}}  # fmt: skip
    await play.write(cast.township, news)
    await stage.until(stage.minute_of(16, 40))
    await play.forward("follow_up", "written")
    await play.finish(stage.minute_of(17, 20), cast.township, "青云高速 K12 三车追尾")


async def traffic_jam(play: Play) -> None:
    """The park writes in time and forgets to phone: the one late obligation."""
    stage, cast = play.stage, play.cast
    place = {"division": "990101103", "text": "工业园区纬三路口"}
    known = {"category": "accident.traffic.road", "place": place, "occurred_at": stage.at(8).isoformat(),
             "known_at": stage.at(9).isoformat(), "grade": "IV"}  # fmt: skip
    title = "工业园区货车侧翻拥堵 2 公里"
    details = {"process": "高速分流车辆涌入，货车侧翻", "measures": "园区巡防疏导"}
    await stage.until(14)
    await play.write(cast.park, known | {"title": title, "casualties": {"injuries": 0}, "details": details})
    await stage.until(16)
    await play.acknowledge()
    same = {"incident_id": play.incident_id, "title": title}
    await play.call(17, "990101103", known | same | {"details": details})
    await stage.until(30)
    await play.write(cast.township, known | same | {"details": details})
    await play.call(41, "park", known | same | {"details": details})  # due at minute 28: 13 minutes late
    stage.tell(
        "[yellow]   园区电话报告超过 20 分钟时限[/yellow]",
        "[yellow]   the park phoned after its 20 minutes[/yellow]",
    )
    await play.acknowledge("已催园区补报电话")
    await play.forward("first", "phone")
    await stage.until(55)
    await play.forward("first", "written")
    await play.finish(150, cast.township, title)


async def water_dispute(play: Play) -> None:
    """Nobody at the console answers, nor the duty leader: the office director is reached and answers by phone."""
    stage, cast = play.stage, play.cast
    place = {"division": "990101203", "text": "上泉村饮水工程取水口"}
    known = {"category": "social_security.dispute.water_rights", "tags": ["drinking_water_source"], "place": place,
             "occurred_at": stage.at(58).isoformat(), "known_at": stage.at(62).isoformat()}  # fmt: skip
    title = "上泉村与乡政府争执饮水工程水源归属，约 40 人聚集"
    details = {"process": "村民阻止施工，对取水口归属有争议", "measures": "乡干部、派出所在场劝解"}
    await play.call(
        66, "990101203", known | {"title": title, "casualties": {"injuries": 0}, "details": details}
    )
    stage.tell(
        "   值班员正忙，未应答；带班领导也未应答……",
        "   the duty officer is busy; the duty leader does not answer …",
    )
    await stage.until(79)
    words = "主任电话答复：已知悉，请信访局、水利局立即到场"
    await play.acknowledge(words, on_behalf_of=cast.director.login)
    await play.write(
        cast.hill_township, known | {"title": title, "incident_id": play.incident_id, "details": details}
    )
    await stage.until(80)  # at once, says the law: the house aims at 15 minutes from receiving
    await play.forward("first", "phone")
    await stage.until(105)
    await play.forward("first", "written")
    await play.finish(290, cast.hill_township, "上泉村水源纠纷")


async def heating_burst(play: Play) -> None:
    """The heating company phones and writes; thousands of homes are cold; graded III in the afternoon."""
    stage, cast = play.stage, play.cast
    place = {"text": "热电联产一次管网 2 号环路（云岭大道）"}
    known = {"category": "accident.public_facility.heating", "place": place, "occurred_at": stage.at(120).isoformat(),
             "known_at": stage.at(123).isoformat(), "quantities": {"households": 5200}}  # fmt: skip
    title = "热电联产一次供热主管网爆管，5200 户停热"
    details = {"process": "DN800 主管爆裂，路面塌陷", "measures": "关断阀门，抢修队进场", "scope": "城区东片"}
    await play.call(
        126, "heating", known | {"title": title, "casualties": {"injuries": 0}, "details": details}
    )
    await stage.until(128)
    await play.acknowledge()
    await stage.until(140)
    await play.write(
        cast.heating, known | {"title": title, "incident_id": play.incident_id, "details": details}
    )
    await stage.until(148)
    await play.forward("first", "phone")
    await stage.until(170)
    await play.forward("first", "written")
    await stage.until(200)
    await play.grade("III", "停热面积扩大，预计超过 24 小时")
    await stage.until(202)
    await play.acknowledge()
    await stage.until(stage.minute_of(16, 30))
    news = {"stage": "follow_up", "incident_id": play.incident_id, "title": "供热爆管续报一",
            "quantities": {"households": 3100}, "details": {"process": "恢复 2100 户"}}  # fmt: skip
    await play.write(cast.heating, news)
    await stage.until(stage.minute_of(16, 45))
    await play.forward("follow_up", "written")
    await play.finish(stage.minute_of(17, 40), cast.heating, "一次供热主管网爆管")


INCIDENTS = (expressway, traffic_jam, water_dispute, heating_burst)
