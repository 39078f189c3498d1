"""The facet is read from plain words when the NLU is away."""

from __future__ import annotations

import pytest

from bot.conversation.facets import facet_named
from bot.domain.procedure import Facet

NAMED = {
    Facet.FEE: "phí bao nhiêu . le phi . hết bao nhiêu tiền . how much is it . what does it cost . 수수료는요? . "
    "얼마예요? . 多少钱 . 费用 . 手数料は . いくらですか",
    Facet.TIME: "mất bao lâu . may ngay thi co . thời gian giải quyết hồ sơ . bao nhiêu ngày . how long does it take . "
    "처리 기간 . 얼마나 걸려요 . 要多久 . 几天 . どのくらいの期間 . 何日かかりますか",
    Facet.FORMS: "biểu mẫu . mau don . tờ khai lấy ở đâu . which form . 양식 . 表格 . 様式",
    Facet.LEGAL_BASIS: "căn cứ pháp lý . nghị định nào . luat nao quy dinh . legal basis . 법적 근거 . "
    "法律依据 . 法的根拠",
    Facet.PLACE: "nộp hồ sơ ở đâu . nop o dau . giấy tờ nộp chỗ nào . where do I hand in the documents . 어디에 제출 . "
    "在哪里交材料 . 書類はどこに出しますか",
    Facet.DOCUMENTS: "cần giấy tờ gì . hồ sơ gồm những gì . ho so . can gi . what documents . 서류 . 需要什么材料 . "
    "必要書類 . căn cước công dân có phải giấy tờ cần nộp",
    Facet.CONDITIONS: "điều kiện . yeu cau gi . what are the requirements . 조건 . 条件是什么",
    Facet.STEPS: "các bước . quy trinh . làm thế nào . how do I apply . 절차 . 流程 . 手続き",
    Facet.STATUS: "tình trạng hồ sơ . tra cứu hồ sơ . hồ sơ của tôi đến đâu rồi . status of my file . "
    "진행 상황 . 办理进度",
    Facet.OVERVIEW: "mở quán cà phê . giấy phép lao động . căn cước công dân . hello . 카페 창업 . 2.001583 .  ",
}


@pytest.mark.parametrize(
    ("facet", "text"), [(facet, text) for facet, all_ in NAMED.items() for text in all_.split(" . ")]
)
def test_the_facet_is_named_in_plain_words(facet: Facet, text: str) -> None:
    assert facet_named(text) is facet
