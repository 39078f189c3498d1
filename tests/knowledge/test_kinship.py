"""Families of near-duplicates among the catalogue's records."""

from __future__ import annotations

from pathlib import Path

from bot.domain.procedure import Procedure
from knowledge.answerer import Answerer, Question, Verdict
from knowledge.catalogue import CatalogueForm, read_catalogue
from knowledge.kinship import Family, read_families, with_families
from knowledge.procedures import BrokenFile, read_lay

from .conftest import COMPACT, ROOT


def families() -> list[Family]:
    found = list(read_families(ROOT / "data" / "groups"))
    assert [each for each in found if isinstance(each, BrokenFile)] == []
    return [each for each in found if isinstance(each, Family)]


def test_every_family_can_be_read_and_has_a_name_of_its_own() -> None:
    keys = [family.key for family in families()]
    assert len(keys) > 300
    assert len(keys) == len(set(keys))


def test_members_of_a_family_are_told_apart_by_their_buttons() -> None:
    alike = [f.key for f in families() if len({label.lower() for label in f.variants.values()}) < len(f.variants)]
    assert alike == []


def test_every_member_has_lay_questions() -> None:
    known = {found[0] for found in read_lay(ROOT / "data" / "lay") if not isinstance(found, BrokenFile)}
    assert {code for family in families() for code in family.variants} - known == set()


def some_records() -> tuple[Procedure, Procedure]:
    """Two records of the small catalogue."""
    read = read_catalogue(COMPACT, CatalogueForm.COMPACT)
    one, two, *_ = (procedure for _, procedure in read if isinstance(procedure, Procedure))
    return one, two


def test_a_record_joins_the_first_family_that_names_it_and_keeps_a_group_of_its_own() -> None:
    one, two = some_records()
    first = Family("first", "Giấy phép", {one.code: "Cấp mới", two.code: "Cấp lại"})
    second = Family("second", "Giấy khác", {two.code: "Khác", one.code: "Nữa"})
    joined = with_families({one.code: one, two.code: two}, [first, second])
    assert [(p.group, p.variant.vi if p.variant else None) for p in joined.values()] == [
        ("first", "Cấp mới"),
        ("first", "Cấp lại"),
    ]


def test_a_family_of_one_parts_nothing() -> None:
    a_procedure, _ = some_records()
    alone = Family("alone", "Giấy phép", {a_procedure.code: "Cấp mới", "9.999999": "Không có"})
    assert with_families({a_procedure.code: a_procedure}, [alone]) == {a_procedure.code: a_procedure}


def test_a_broken_file_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("- name: x\n", encoding="utf-8")
    (tmp_path / "b.yml").write_text("- {name: Giấy phép, variants: {'1.000001': Mới, '1.000002': Lại}}", "utf-8")
    broken, family = read_families(tmp_path)
    assert isinstance(broken, BrokenFile)
    assert broken.path.name == "a.yml"
    assert isinstance(family, Family)
    assert family.key == "b-giay-phep"


async def test_a_vague_question_about_a_family_is_asked_back(answerer: Answerer, content: Path) -> None:
    (content / "groups").mkdir()
    (content / "groups" / "sea.yml").write_text(
        "- name: Nuôi rùa biển\n  variants: {'9.000001': 'Cấp mới', '9.000007': 'Gia hạn'}\n", encoding="utf-8"
    )
    await answerer.refresh()
    finding = await answerer.find(Question("nuôi rùa biển"))
    assert finding.verdict is Verdict.ASK_WHICH
    assert set(finding.options) == {"9.000001", "9.000007"}
    group = answerer.group(finding.group or "")
    assert group is not None
    assert (group.title.vi, group.question) == ("Nuôi rùa biển", None)
