"""Questions judged by the real answerer over a small city and a small catalogue."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from bot.domain.procedure import Language, Origin
from bot.persistence.procedure_store import SqlProcedureStore
from knowledge.answerer import Answerer, Question, Verdict
from knowledge.embeddings import E5Embeddings
from knowledge.index import PassageIndex

NEW, REISSUE, EXTEND = "1.014199", "1.014200", "1.014201"
KARAOKE, DANCE_HALL = "1.001029", "1.001008"
TURTLES = "9.000001"


@pytest.mark.parametrize(
    ("text", "language", "code"),
    [
        ("gia hạn giấy phép lao động cho sếp Nhật mất mấy ngày", "vi", EXTEND),
        ("gia han gpld cho nnn het bn tien", "vi", EXTEND),
        ("we need to extend a work permit that is about to expire", "en", EXTEND),
        ("giấy phép lao động bị rách, xin cấp lại", "vi", REISSUE),
        ("mở quán karaoke cần điều kiện gì", "vi", KARAOKE),
        ("mo quan karaoke", "vi", KARAOKE),
        ("노동허가서를 연장하고 싶습니다", "ko", EXTEND),
        ("我想延期工作许可证", "zh", EXTEND),
        ("労働許可証を延長したい", "ja", EXTEND),
        ("xin giấy phép nuôi rùa biển để tham quan", "vi", TURTLES),
        ("cap giay phep nuoi rua bien", "vi", TURTLES),
    ],
)
async def test_a_question_finds_its_procedure(answerer: Answerer, text: str, language: str, code: str) -> None:
    finding = await answerer.find(Question(text, Language(language)))
    assert finding.verdict is Verdict.ANSWER
    assert finding.candidates[0].procedure.code == code
    assert not finding.lexical_only


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("trời hôm nay có nắng không", "vi"),
        ("cach nau canh chua ca loc", "vi"),
        ("which team won the cup", "en"),
        ("kết hôn với người yêu", "vi"),
        ("zzxq wvvk", "vi"),
        ("어제 축구 결과", "ko"),
    ],
)
async def test_what_is_not_ours_finds_nothing(answerer: Answerer, text: str, language: str) -> None:
    finding = await answerer.find(Question(text, Language(language)))
    assert finding.verdict is Verdict.NOTHING
    assert len(finding.candidates) <= 2


@pytest.mark.parametrize(
    ("text", "language"), [("giấy phép lao động", "vi"), ("giay phep lao dong", "vi"), ("work permit", "en")]
)
async def test_near_duplicates_are_asked_apart_by_their_group(answerer: Answerer, text: str, language: str) -> None:
    finding = await answerer.find(Question(text, Language(language)))
    assert finding.verdict is Verdict.ASK_WHICH
    assert finding.group == "work-permit"
    assert set(finding.options) == {NEW, REISSUE, EXTEND}
    group = answerer.group("work-permit")
    assert group is not None
    assert group.question is not None
    assert group.question.vi.endswith("?")
    assert [p.code for p in answerer.options(finding.options)] == list(finding.options)


async def test_a_word_of_the_variant_tells_near_duplicates_apart(answerer: Answerer) -> None:
    finding = await answerer.find(Question("vũ trường"))
    assert finding.verdict is Verdict.ANSWER
    assert finding.candidates[0].procedure.code == DANCE_HALL


async def test_a_question_without_a_subject_is_about_the_last_procedure(answerer: Answerer) -> None:
    finding = await answerer.find(Question("thế còn lệ phí?", subject=KARAOKE))
    assert finding.verdict is Verdict.ANSWER
    assert [match.procedure.code for match in finding.candidates] == [KARAOKE]
    assert (await answerer.find(Question("thế còn lệ phí?"))).verdict is Verdict.NOTHING


async def test_another_subject_leaves_the_last_procedure(answerer: Answerer) -> None:
    finding = await answerer.find(Question("gia hạn giấy phép lao động thì sao", subject=KARAOKE))
    assert finding.candidates[0].procedure.code == EXTEND


async def test_another_province_is_not_answered_for(answerer: Answerer) -> None:
    finding = await answerer.find(Question("mở quán karaoke ở Đà Nẵng"))
    assert finding.verdict is Verdict.NOTHING
    here = await answerer.find(Question("chuyển từ Đà Nẵng về mở quán karaoke ở Hải Phòng"))
    assert here.verdict is Verdict.ANSWER


@pytest.mark.parametrize("text", ["", "   ", "😀😀😀", "\x00\x07", "?" * 2_000, "a " * 5_000, "<b>x</b>"])
async def test_odd_texts_find_nothing_and_break_nothing(answerer: Answerer, text: str) -> None:
    assert (await answerer.find(Question(text))).verdict is Verdict.NOTHING


async def test_of_two_records_with_one_title_one_is_given(answerer: Answerer) -> None:
    finding = await answerer.find(Question("công nhận lò gốm truyền thống"))
    assert finding.verdict is Verdict.ANSWER
    codes = [match.procedure.code for match in finding.candidates]
    assert len({"9.000005", "9.000006"} & set(codes)) == 1


async def test_candidates_come_best_first_and_their_scores_are_probabilities(answerer: Answerer) -> None:
    finding = await answerer.find(Question("giấy phép lao động"))
    scores = [match.score for match in finding.candidates]
    assert scores == sorted(scores, reverse=True)
    assert 0 < sum(scores) <= 1


async def test_the_citys_record_is_given_with_the_catalogue_behind_it(answerer: Answerer) -> None:
    found = answerer.procedure(KARAOKE)
    assert found is not None
    assert found.origin is Origin.CITY
    assert answerer.procedure("0.000000") is None


async def test_a_refresh_without_changes_does_nothing(answerer: Answerer) -> None:
    assert not (await answerer.refresh()).changed


async def test_a_new_file_is_known_after_a_refresh(answerer: Answerer, content: Path) -> None:
    (content / "procedures" / "culture" / "karaoke-licence.yml").unlink()
    report = await answerer.refresh()
    assert report.changed
    assert report.city is not None
    assert report.city.removed == 1
    assert answerer.procedure(KARAOKE) is None
    assert report.index is not None
    assert report.index.removed > 0


async def test_a_broken_procedure_file_is_reported_and_the_others_answer(answerer: Answerer, content: Path) -> None:
    broken = content / "procedures" / "culture" / "dance-hall-licence.yml"
    broken.write_text("code: [unclosed", encoding="utf-8")
    report = await answerer.refresh(force=True)
    assert [each.path for each in report.broken] == [broken]
    assert answerer.procedure(DANCE_HALL) is not None, "what was known before stays known"
    finding = await answerer.find(Question("mở quán karaoke"))
    assert finding.candidates[0].procedure.code == KARAOKE


async def test_a_broken_groups_file_costs_the_groups_only(answerer: Answerer, content: Path) -> None:
    (content / "procedures" / "labour" / "groups.yml").write_text("a: {b: 1}", encoding="utf-8")
    report = await answerer.refresh(force=True)
    assert report.broken
    assert answerer.group("work-permit") is None
    finding = await answerer.find(Question("gia hạn giấy phép lao động"))
    assert finding.verdict is Verdict.ANSWER


async def test_a_damaged_index_is_moved_aside_and_built_anew(
    answerer: Answerer, index: PassageIndex, tmp_path: Path
) -> None:
    index.close()
    (tmp_path / "chroma" / "chroma.sqlite3").write_bytes(b"not a database" * 1_000)
    while_damaged = await answerer.find(Question("gia hạn giấy phép lao động"))
    assert while_damaged.lexical_only
    assert while_damaged.candidates[0].procedure.code == EXTEND
    report = await answerer.refresh()
    assert report.moved_aside is not None
    assert report.index is not None
    assert report.index.added > 100
    afterwards = await answerer.find(Question("gia hạn giấy phép lao động"))
    assert not afterwards.lexical_only


async def test_words_alone_still_find_and_refuse(store: SqlProcedureStore, content: Path, answerer: Answerer) -> None:
    lexical = Answerer(store, content, None, None)
    await lexical.refresh()
    found = await lexical.find(Question("gia han giay phep lao dong cho nguoi nuoc ngoai"))
    assert found.lexical_only
    assert found.candidates[0].procedure.code == EXTEND
    assert (await lexical.find(Question("mai có mưa to không"))).verdict is Verdict.NOTHING


async def test_before_the_first_refresh_nothing_is_known(store: SqlProcedureStore, content: Path) -> None:
    fresh = Answerer(store, content, None, None)
    assert (await fresh.find(Question("mở quán karaoke"))).verdict is Verdict.NOTHING
    assert fresh.size == 0


async def test_the_words_answer_while_the_vectors_are_being_made(
    store: SqlProcedureStore, content: Path, tmp_path: Path, embeddings: E5Embeddings
) -> None:
    answerer = Answerer(store, content, PassageIndex(embeddings, tmp_path / "slow"), embeddings)
    building = asyncio.create_task(answerer.refresh())
    while answerer.size == 0:
        await asyncio.sleep(0.01)
    early = await answerer.find(Question("gia hạn giấy phép lao động"))
    assert early.lexical_only
    assert early.candidates[0].procedure.code == EXTEND
    building.cancel()
    await asyncio.gather(building, return_exceptions=True)


async def test_finding_does_not_hold_up_the_loop(answerer: Answerer) -> None:
    """While forty questions are searched, the loop never does anything else for 250 ms, by its own processor time."""
    longest = 0.0

    async def tick() -> None:
        nonlocal longest
        while True:
            before = time.thread_time()
            await asyncio.sleep(0.005)
            longest = max(longest, time.thread_time() - before)

    ticking = asyncio.create_task(tick())
    await asyncio.gather(*(answerer.find(Question(f"gia hạn giấy phép lao động {i}")) for i in range(40)))
    ticking.cancel()
    assert longest < 0.25
