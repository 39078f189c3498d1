"""Reading and importing the catalogue: both forms, its weak points, broken lines, runs that were cut short."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from bot.domain.procedure import Caution, Fee, Method, Origin, Procedure, TimeUnit
from bot.persistence.procedure_store import SqlProcedureStore
from knowledge import charges
from knowledge.catalogue import (
    CatalogueForm,
    CatalogueUnreadable,
    RefusedLine,
    import_catalogue,
    read_catalogue,
)

from .conftest import COMPACT, PORTAL, SHARED


def read(path: Path, form: CatalogueForm = CatalogueForm.COMPACT) -> dict[str, Procedure]:
    found = {}
    for _, each in read_catalogue(path, form):
        assert isinstance(each, Procedure), each
        found[each.code] = each
    return found


@pytest.fixture(scope="module")
def procedures() -> dict[str, Procedure]:
    return read(COMPACT)


def test_both_forms_say_the_same_about_the_same_procedure(procedures: dict[str, Procedure]) -> None:
    assert read(PORTAL, CatalogueForm.PORTAL) == procedures
    assert len(procedures) == 8


def test_a_placeholder_fee_gives_way_to_the_amount_its_note_states(
    procedures: dict[str, Procedure],
) -> None:
    fees = procedures["9.000001"].fees
    assert [(fee.method, fee.amount) for fee in fees] == [(Method.ANY, 100_000)]
    assert [fee.amount for fee in procedures["9.000008"].fees] == [25_000]


def test_a_placeholder_fee_without_a_telling_note_becomes_words(procedures: dict[str, Procedure]) -> None:
    fees = procedures["9.000002"].fees
    assert [fee.amount for fee in fees] == [None, None]
    assert Caution.FEES_ARE_UNCLEAR in procedures["9.000002"].cautions


def test_a_placeholder_is_told_by_its_own_amount_where_the_note_states_several() -> None:
    note = "Lần đầu 150.000 đồng, cấp lại 50.000 đồng"
    first = charges.fee(Method.ANY, 150, "VND", note, local=False)
    neither = charges.fee(Method.ANY, 70, "VND", note, local=False)
    assert first is not None
    assert neither is not None
    assert (first.amount, neither.amount) == (150_000, None)


def test_a_fee_in_dollars_is_never_an_amount_in_dong(procedures: dict[str, Procedure]) -> None:
    (fee,) = procedures["9.000003"].fees
    assert fee.amount is None
    assert fee.note is not None
    assert fee.note.vi == "25 USD: một lần"


def test_a_bare_zero_is_kept_and_its_reader_warned(procedures: dict[str, Procedure]) -> None:
    assert [fee.amount for fee in procedures["9.000005"].fees] == [0]
    assert Caution.FEES_ARE_BARE_ZEROS in procedures["9.000005"].cautions


def test_fees_of_the_city_are_its_own_and_carry_no_caution(procedures: dict[str, Procedure]) -> None:
    record = procedures["9.000004"]
    assert [(fee.method, fee.amount, fee.local) for fee in record.fees] == [
        (Method.ONLINE, 0, True),
        (Method.POST, 50_000, True),
    ]
    assert Caution.FEES_ARE_NATIONAL_DEFAULTS not in record.cautions
    assert Caution.FEES_ARE_NATIONAL_DEFAULTS in procedures["9.000001"].cautions


def test_a_time_in_an_unknown_unit_is_not_stated(procedures: dict[str, Procedure]) -> None:
    assert procedures["9.000002"].times == ()
    assert Caution.TIME_IS_NOT_STATED in procedures["9.000002"].cautions
    assert Caution.TIME_IS_NOT_STATED in procedures["9.000008"].cautions


def test_half_days_stay_words_and_equal_times_are_said_once(procedures: dict[str, Procedure]) -> None:
    (half,) = procedures["9.000003"].times
    assert half.amount is None
    assert half.note is not None
    assert half.note.vi == "3,5 ngày làm việc"
    (ten,) = procedures["9.000001"].times
    assert (ten.method, ten.amount, ten.unit) == (Method.ANY, 10, TimeUnit.WORKING_DAY)


def test_steps_written_in_one_text_are_split_and_their_numbers_taken_off(
    procedures: dict[str, Procedure],
) -> None:
    assert [step.vi for step in procedures["9.000001"].steps] == [
        "Nộp hồ sơ tại quầy.\nNgười nộp giữ giấy hẹn.",
        "Cơ quan xem xét.",
        "Nhận kết quả.",
    ]


def test_steps_of_several_cases_keep_their_headings_and_warn_the_reader(
    procedures: dict[str, Procedure],
) -> None:
    record = procedures["9.000003"]
    assert Caution.STEPS_OF_CASES_RUN_TOGETHER in record.cautions
    assert [step.vi for step in record.steps][:2] == ["Trường hợp mất thẻ:", "Báo mất."]
    assert Caution.STEPS_OF_CASES_RUN_TOGETHER not in procedures["9.000001"].cautions


def test_numbered_papers_are_put_in_order(procedures: dict[str, Procedure]) -> None:
    (case,) = procedures["9.000001"].documents
    assert [paper.name.vi for paper in case.documents] == [
        "Đơn đề nghị theo mẫu",
        "Phương án nuôi",
        "Ảnh hồ nuôi",
    ]
    assert case.documents[0].forms == ("Mau 01.docx",)
    assert Caution.FORMS_WITHOUT_ADDRESS in procedures["9.000001"].cautions


def test_conditions_that_say_nothing_are_none_and_markup_is_taken_off(
    procedures: dict[str, Procedure],
) -> None:
    assert procedures["9.000002"].conditions == ()
    assert [each.vi for each in procedures["9.000006"].conditions] == ["Có lò nung"]
    assert len(procedures["9.000005"].conditions) == 2


def test_an_office_of_another_province_is_no_place_to_go(procedures: dict[str, Procedure]) -> None:
    assert procedures["9.000005"].place is None
    place = procedures["9.000004"].place
    assert place is not None
    assert place.vi.startswith("Trung tâm Phục vụ hành chính công")


def test_every_record_has_a_dated_source(procedures: dict[str, Procedure]) -> None:
    for record in procedures.values():
        assert record.source.updated_on is not None
        assert record.source.url.startswith("https://dichvucong.gov.vn/")
    assert Caution.NO_LEGAL_BASIS in procedures["9.000005"].cautions


def test_two_equal_fees_of_one_method_are_one() -> None:
    assert len(charges.collapse_fees([Fee(Method.DIRECT, 5_000), Fee(Method.DIRECT, 5_000)])) == 1


BROKEN = {
    "no JSON": "{broken",
    "no JSON object": "[1, 2]",
    "code: Field required": '{"title": "Không mã"}',
    "title": '{"code": "9.000010", "title": "   "}',
    "updated_at": '{"code": "9.000011", "title": "Thiếu ngày", "source_url": "https://a.vn/"}',
    "methods": '{"code": "9.000012", "title": "Sai dạng", "methods": 7, "updated_at": 1, '
    '"source_url": "https://a.vn/"}',
    "source_url": '{"code": "9.000013", "title": "Sai nguồn", "updated_at": 1, "source_url": "javascript:alert(1)"}',
}


async def test_broken_lines_are_refused_by_number_and_reason_and_the_rest_goes_on(
    store: SqlProcedureStore, tmp_path: Path
) -> None:
    good = COMPACT.read_text("utf-8").splitlines()
    path = tmp_path / "broken.jsonl"
    lines = [good[0], "", *BROKEN.values(), good[0], good[1], "\udcff\udcfe"]
    path.write_bytes("\n".join(lines).encode("utf-8", "surrogateescape"))
    report = await import_catalogue(path, CatalogueForm.COMPACT, store)
    assert (report.read, report.new) == (len(BROKEN) + 4, 2)
    for refused, (reason, _) in zip(report.refused, BROKEN.items(), strict=False):
        assert reason in refused.reason
    assert [refused.line for refused in report.refused] == [*range(3, 3 + len(BROKEN)), 10, 12]
    assert report.refused[3].code == "9.000010"
    assert "repeats line 1" in report.refused[-2].reason


async def test_a_portal_record_without_its_detail_is_refused(store: SqlProcedureStore, tmp_path: Path) -> None:
    path = tmp_path / "portal.jsonl"
    path.write_text('{"code": "9.000001", "id": "x"}\n' + PORTAL.read_text("utf-8"), encoding="utf-8")
    report = await import_catalogue(path, CatalogueForm.PORTAL, store)
    assert report.refused == [RefusedLine(1, "9.000001", "detail: missing")]
    assert report.new == 8


async def test_a_second_import_writes_nothing(store: SqlProcedureStore) -> None:
    seen: list[int] = []
    first = await import_catalogue(COMPACT, CatalogueForm.COMPACT, store, seen.append)
    version = await store.version()
    second = await import_catalogue(COMPACT, CatalogueForm.COMPACT, store)
    assert (first.new, second.new, second.unchanged) == (8, 0, 8)
    assert seen == [8]
    assert await store.version() == version


async def test_a_changed_record_is_written_again_and_changes_the_version(
    store: SqlProcedureStore, tmp_path: Path
) -> None:
    await import_catalogue(COMPACT, CatalogueForm.COMPACT, store)
    before = await store.version()
    lines = [json.loads(line) for line in COMPACT.read_text("utf-8").splitlines()]
    lines[4]["conditions"] = "- Điều kiện mới"
    path = tmp_path / "newer.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)
    report = await import_catalogue(path, CatalogueForm.COMPACT, store)
    assert (report.new, report.changed, report.unchanged) == (0, 1, 7)
    assert await store.version() != before
    (record,) = await store.get("9.000005")
    assert [each.vi for each in record.conditions] == ["Điều kiện mới"]


async def test_an_import_that_was_cut_short_is_finished_by_the_next(
    store: SqlProcedureStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.catalogue.BATCH", 3)
    whole = tmp_path / "whole.jsonl.gz"
    whole.write_bytes(gzip.compress(COMPACT.read_bytes()))

    class Killed(Exception):
        pass

    def kill(count: int) -> None:
        if count == 6:
            raise Killed

    with pytest.raises(Killed):
        await import_catalogue(whole, CatalogueForm.COMPACT, store, kill)
    assert len(await store.digests(Origin.CATALOGUE)) == 6
    report = await import_catalogue(whole, CatalogueForm.COMPACT, store)
    assert (report.new, report.unchanged) == (2, 6)


async def test_a_file_that_is_cut_off_is_named_and_what_was_read_stays(
    store: SqlProcedureStore, tmp_path: Path
) -> None:
    path = tmp_path / "cut.jsonl.gz"
    path.write_bytes(gzip.compress(COMPACT.read_bytes())[:-40])
    with pytest.raises(CatalogueUnreadable):
        await import_catalogue(path, CatalogueForm.COMPACT, store)
    with pytest.raises(CatalogueUnreadable):
        await import_catalogue(tmp_path / "absent.jsonl", CatalogueForm.COMPACT, store)


@pytest.mark.skipif(not SHARED.exists(), reason="the full catalogue is not part of the repository")
def test_the_full_catalogue_is_read_without_a_refusal() -> None:
    procedures = read(SHARED / "catalogue" / "procedures.jsonl.gz")
    assert len(procedures) == 3_296
    assert all(
        fee.amount is None or fee.amount == 0 or fee.amount >= 1_000 for p in procedures.values() for fee in p.fees
    )
    sample = read(SHARED / "catalogue" / "portal_api_sample.jsonl", CatalogueForm.PORTAL)
    assert len(sample) == 54
    for code in sample.keys() & procedures.keys():
        assert sample[code].fees == procedures[code].fees
        assert sample[code].documents == procedures[code].documents
