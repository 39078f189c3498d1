"""Which service a contact wants to come for, from what they wrote, named or spoke of before."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.conversation.clarifying import split_words
from bot.conversation.interpretation import Interpretation
from bot.conversation.ports import Offices
from bot.conversation.speaking import Speaker
from bot.domain.booking.offices import Service
from bot.domain.procedure import Language, Procedure
from bot.domain.vietnamese import expand, fold
from knowledge.answerer import Answerer, Finding, Question, Verdict
from knowledge.directory import Directory

CENTRE = "public_service_centre"
SURE_OF_SERVICE = 0.7
"""Share of the candidates' probability that one service must have to be taken without asking."""
MOST = 6
"""Services or procedures offered at once."""
_FRAME = re.compile(
    r"\b(?:(?:cho|giup|nho|ho) (?:toi|em|minh|anh|chi|chau)|(?:toi|em|minh|chau|tui) (?:ten la|la|ten|muon|can|xin|dang ky)|ten (?:(?:toi|em|minh) )?la"
    r"|(?:so dien thoai|dien thoai|sdt|so dt|mst|ma so thue)(?: (?:cua )?(?:toi|em|minh))?(?: la)?|lien he|tai|o|luc|vao|tai quay|duoc khong|dc ko)\b"
    r"|\b(?:my name is|i am|i'm|i(?: would|'d) like to|i (?:want|need) to|(?:could|can) (?:you|i)|please|for me|(?:my )?(?:phone|telephone|number)(?: number)? is|(?:make|get) an|an|me)\b"
    r"|제 ?이름은|저는|입니다|이고|전화번호는?|我叫|电话|我的|名前は|電話番号は|電話は"
    r"|\b(?:dat (?:lich|hen|truoc)(?: hen)?|dang ky (?:lich(?: hen)?|hen)|lay (?:lich|hen|so)(?: hen)?|hen (?:lich|gap|gio|truoc)|len lich(?: hen)?|xep lich(?: hen)?"
    r"|book (?:lich|hen)(?: hen)?|lich hen|cuoc hen|buoi hen|cai hen|dat (?:them |cho (?:ban|nguoi nha|sep|me|bo|vo|chong) (?:toi|em|minh) )?(?:mot |1 )?(?:cai )?(?:lich|hen)(?: hen)?(?: nua)?|nop (?:ho so|hs|hso)|lam (?:thu tuc|ho so|hs)|de lam|ve viec)\b"
    r"|\b(?:book(?:ing)?|appointments?|reserve|schedule|visit|slot)\b"
    r"|(?:방문|상담)? ?예약|접수|싶습니다|싶어요|하고|해 ?주세요|부탁드립니다|부탁해요|잡아|주세요|관련해서|위해|으로|에서|예약을"
    r"|帮我|请|我想要?|我要|预约一?下?|预约|递交材料|提交材料|办理|办"
    r"|予約したい|予約|したいです|お願いします|お願い|取りたい|ください|したい|のため|について|です"
)
_FILLERS = frozenset(
    """
    cho toi em minh tui anh chi ban con chau giup nho xin muon can voi nhe nha a ah da vang di luc vao hoi qua tai o den ngay gio buoi sang chieu
    thu tuan nay sau duoc khong dc ko k nhu co the la ten so dien thoai sdt dt mst ma lich hen dat dang ky nop ho so lam viec giay to thu tuc
    ben phia lai voi va roi thoi nua mot cai de ve khac moi ok oke uh u nguoi gap can bo tu van truoc som nhat cang tot hom mai nay day
    nghe theo dung khoang tam chinh xac cua chua biet alo shop oi e c b t m z ho em luon voi them thoi oke okie
    then fine sure great thanks thank
    i i'd id would like to want need an a the please can could you me my us for at on in with make get see come official officer somebody someone
    morning afternoon tomorrow today next this week day time name is phone number and am pm hello hi free available new one set do it
    을 를 은 는 이 가 에 의 으로 로 요 하 합니다 저 저는 제 이름은 입니다 이고 전화번호는 전화번호
    我 想 要 去 在 到 的 了 下 吧 请 我叫 电话 时间 を に で の は が と へ 私 私は
    """.split()
)
_OPENING = frozenset("mo lap tao open set up start found register new".split())
"""Words for beginning a business of whatever kind."""
_CJK = re.compile(r"[\u3040-\u9fff\uac00-\ud7a3]")
_CLAUSE = re.compile(r"[,;.\n，。、；]")
_WORD = re.compile(r"[^\W\d_]+(?:'[a-z]+)?")
_CJK_PARTICLES = re.compile(r"[을를은는이가에의요请我想要去在到的了下吧をにでのはがとへ]")


@dataclass(frozen=True, slots=True)
class Matched:
    """The service meant, with its procedure or (near-duplicates of one service) their group, as far as known."""

    service: Service
    procedure: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Unsure:
    """One of these is meant: procedures by code, or services."""

    procedures: tuple[str, ...] = ()
    services: tuple[Service, ...] = ()


@dataclass(frozen=True, slots=True)
class NotFound:
    """Something was named, and nothing fits it."""


class Matching:
    """Finds services; one instance serves all conversations."""

    def __init__(self, offices: Offices, answerer: Answerer, directory: Directory) -> None:
        self._offices = offices
        self._answerer = answerer
        self._directory = directory

    async def services(self) -> Mapping[str, Service]:
        """Every service by its key."""
        return {service.key: service for service in await self._offices.services()}

    async def match(
        self, text: str, said: Interpretation | None, speaker: Speaker, *, anything: bool = False
    ) -> Matched | Unsure | NotFound | None:
        """What `text` (without numbers, name, day and hour) names; None where it names nothing.

        `anything`: whatever was written answers the question what the appointment is for.
        """
        services = await self.services()
        departments, core = self._departments(text, said)
        core = _without_frame(core)
        if _is_a_subject(core):
            finding = await self._find(core, text, speaker)
            if finding.verdict is not Verdict.NOTHING:
                found = self._of(finding, services, core)
                if not departments or (isinstance(found, Matched) and found.service.department in departments):
                    return found
            elif anything and finding.candidates and not departments:
                return Unsure(tuple(match.procedure.code for match in finding.candidates))
        if departments:
            return self.of_department(departments[0], services)
        return NotFound() if _is_a_subject(core) and (anything or len(core) > _LONG) else None

    async def _find(self, core: str, text: str, speaker: Speaker) -> Finding:
        """What `core` names; where all of it together names nothing, what one piece of it does."""
        whole = await self._answerer.find(Question(core, speaker.language))
        if whole.verdict is not Verdict.NOTHING:
            return whole
        pieces = [_without_fillers(_without_frame(piece)) for piece in _CLAUSE.split(text)]
        for piece in dict.fromkeys((_without_fillers(core), *pieces)):
            if piece and piece != core and _is_a_subject(piece):
                finding = await self._answerer.find(Question(piece, speaker.language))
                if finding.verdict is not Verdict.NOTHING:
                    return finding
        return whole

    def of_procedure(self, procedure: Procedure, services: Mapping[str, Service]) -> Service | None:
        """The service that lists the procedure, else its department's general one, else the service centre's."""
        own = next((s for s in services.values() if procedure.code in s.procedures), None)
        return own or _general(services, procedure.department) or _general(services, CENTRE)

    def of_department(self, department: str, services: Mapping[str, Service]) -> Matched | Unsure | NotFound:
        """What a department receives contacts for."""
        own = tuple(s for s in services.values() if s.department == department)
        if not own:
            return NotFound()
        return Matched(own[0]) if len(own) == 1 else Unsure(services=_general_last(own))

    def _of(self, finding: Finding, services: Mapping[str, Service], said: str) -> Matched | Unsure | NotFound:
        if finding.verdict is Verdict.ANSWER:
            best = finding.candidates[0].procedure
            service = self.of_procedure(best, services)
            if service is None:
                return NotFound()
            if best.group is not None and not self._names_the_kind(said, best, service):
                return Matched(service, group=best.group)
            return Matched(service, best.code)
        likely: dict[str, float] = defaultdict(float)
        for match in finding.candidates:
            if (service := self.of_procedure(match.procedure, services)) is not None:
                likely[service.key] += match.score
        if not likely:
            return NotFound()
        key = max(likely, key=lambda each: likely[each])
        if likely[key] >= SURE_OF_SERVICE * sum(likely.values()):
            return Matched(services[key], group=finding.group)
        return Unsure(finding.options[:MOST] or tuple(match.procedure.code for match in finding.candidates))

    def _names_the_kind(self, said: str, best: Procedure, service: Service) -> bool:
        """Whether `said` holds a word that tells `best` from most of its near-duplicates, which one service receives.

        "thành lập công ty" is no particular kind of company, however the search ranks them.
        """
        group = self._answerer.group(best.group or "")
        kin = self._answerer.options(self._answerer.members(best.group or ""))
        siblings = [each for each in kin if each.code != best.code and each.code in service.procedures]
        if not siblings or group is None:
            return True
        ordinary = Counter(word for sibling in siblings for word in _telling_words(sibling))
        shared = {word for word, count in ordinary.items() if count * 2 >= len(siblings)} | _OPENING | _FILLERS
        shared |= {word for language in Language for word in split_words(expand(group.title.within(language) or ""))}
        words = split_words(expand(said))
        telling = _telling_words(best) - shared
        # "Karaoke" is told from a dance hall by a word of their group's name, once all of its own name is said.
        others = {word for sibling in siblings for word in _telling_words(sibling)}
        wholly = any(own and own <= words for own in (each - others for each in _names(best)))
        if wholly or not telling.isdisjoint(words):
            return True
        # Words of no kind ("giám đốc") may still mean one: there the search knows better.
        return _CJK.search(said) is None and not words <= shared

    def _departments(self, text: str, said: Interpretation | None) -> tuple[list[str], str]:
        """The departments named, and the text without their names."""
        folded = fold(text)
        named: list[tuple[int, int, str]] = []
        if said is not None:
            # The entities' places are those of the whole utterance: the name itself is looked for again.
            for entity in said.entities:
                if entity.kind == "department" and (at := folded.find(fold(said.text[entity.start : entity.end]))) >= 0:
                    named.append((at, at + entity.end - entity.start, entity.value))
        if not named:
            named = list(self._named_in_full(folded))
        for start, end, _ in sorted(named, reverse=True):
            text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
        return [key for _, _, key in sorted(named)], text

    def _named_in_full(self, folded: str) -> Iterator[tuple[int, int, str]]:
        """The departments named as the directory does, for turns in which the NLU is away."""
        for key in sorted(self._directory.keys()):
            department = self._directory.department(key)
            names = [department.name.within(language) for language in Language] if department is not None else []
            for name in names:
                if name is not None and (at := folded.find(fold(name))) >= 0:
                    yield at, at + len(name), key
                    break


_LONG = 6
"""Characters; shorter words left over name nothing."""


def _general(services: Mapping[str, Service], department: str | None) -> Service | None:
    return next((s for s in services.values() if s.department == department and not s.procedures), None)


def _general_last(services: Sequence[Service]) -> tuple[Service, ...]:
    return tuple(sorted(services, key=lambda service: not service.procedures))


def _without_frame(text: str) -> str:
    folded = fold(text)
    if len(folded) != len(text):
        return text
    for match in _FRAME.finditer(folded):
        text = f"{text[: match.start()]}{' ' * (match.end() - match.start())}{text[match.end() :]}"
    return " ".join(text.replace(",", " ").split())


def _names(procedure: Procedure) -> list[set[str]]:
    """The words of the name that tells it apart, in each language."""
    named = procedure.variant or procedure.title
    return [split_words(expand(name)) for language in Language if (name := named.within(language)) is not None]


def _telling_words(procedure: Procedure) -> set[str]:
    return {word for name in _names(procedure) for word in name}


def _without_fillers(text: str) -> str:
    """`text` without the words at its ends that name nothing."""
    words = text.split()
    while words and fold(words[0]).strip(".!?") in _FILLERS:
        words.pop(0)
    while words and fold(words[-1]).strip(".!?") in _FILLERS:
        words.pop()
    return " ".join(words)


def _is_a_subject(core: str) -> bool:
    """Whether words are left that may name what the appointment is for."""
    words = (_CJK_PARTICLES.sub("", fold(word)) if _CJK.search(word) else fold(word) for word in _WORD.findall(core))
    return any(word and word not in _FILLERS and not re.fullmatch("[a-z]", word) for word in words)
