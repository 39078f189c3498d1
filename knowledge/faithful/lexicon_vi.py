"""The lexicon of Vietnamese."""

from __future__ import annotations

from bot.domain.procedure import Language

from .lexicon import FIGURE, Lexicon, by_section, words_of

_YOU = r"(?:anh/chị|anh chị|anh|chị|bạn|quý khách|ông/bà|người nộp|doanh nghiệp)"
_FILING = (
    rf"(?:(?:nếu|khi)(?: {_YOU})?(?: chọn)? )?(?:(?:hình thức|cách|kênh) )?(?:nộp |gửi )?(?:hồ sơ )?(?:qua |bằng )?"
)

VIETNAMESE = Lexicon(
    Language.VI,
    bearings=(
        (
            "free",
            r"(?:được )?(?:miễn(?: nộp)? (?:phí|lệ phí)|miễn phí|hoàn toàn miễn phí)"
            r"|không (?:mất|tốn|thu)(?: tiền)? (?:phí|lệ phí)"
            r"|không phải (?:nộp|đóng|trả)(?: bất kỳ)?(?: khoản)? (?:phí|lệ phí)",
        ),
        ("optional", r"\bnếu có\b"),
        ("at_most", r"không (?:quá|vượt quá|muộn hơn)\b|\btối đa\b|\bnhiều nhất\b|\bchậm nhất\b|\bcao nhất\b"),
        ("at_least", r"không (?:dưới|ít hơn)\b|\btối thiểu\b|\bít nhất\b|\bthấp nhất\b"),
        ("not", r"\bkhông(?: hề)?\b|\bchưa\b|\bchẳng\b|\bđừng\b|\bkhỏi\b"),
        ("forbidden", r"\bcấm\b|\btừ chối\b"),
        ("must", r"\bphải\b|\bbắt buộc\b|\bbuộc\b"),
        ("may", r"\bcó thể\b|\bđược phép\b|\bđược quyền\b"),
        ("get", r"\bđược\b|(?<!chuẩn )(?<!thiết )(?<!trang )\bbị\b"),
        ("exempt", r"\bmiễn\b|\bgiảm\b|\bhoàn lại\b"),
        ("except", r"\btrừ khi\b|\bngoại trừ\b|\btrừ\b|\bngoài ra\b"),
        ("if", r"\bnếu\b|\bkhi\b|\bvới điều kiện\b|\btrường hợp\b"),
        ("only", r"\bchỉ\b(?! dẫn)|\bduy nhất\b"),
        ("or", r"\bhoặc(?: là)?\b|\bhay\b"),
        ("all", r"\btất cả\b|\bmọi\b|\btoàn bộ\b|\bmỗi\b|\btừng\b|\bđều\b"),
        ("before", r"\btrước\b"),
        ("after", r"\bsau\b"),
        ("until", r"\bđến hết\b"),
        ("more", rf"\b(?:trên|hơn|quá)(?= {FIGURE})"),
        ("less", rf"\bdưới(?= {FIGURE})"),
        ("from", rf"\btừ(?= {FIGURE})"),
        ("about", r"\bkhoảng\b|\bước\b"),
    ),
    labels=(
        ("online", rf"{_FILING}(?:trực tuyến|online|mạng)\b"),
        ("direct", rf"{_FILING}trực tiếp\b"),
        ("post", rf"{_FILING}(?:bưu chính|bưu điện)(?: công ích)?\b"),
        ("any_way", r"\bmọi hình thức\b"),
        ("original", r"\bbản chính\b"),
        ("copy", r"\bbản sao\b"),
    ),
    same=(
        (r"\bnhận được\b", "nhận"),
        (r"\btheo (?=mẫu|mức)", ""),
        (r"\bđược (?=giải quyết|xử lý)", ""),
        (r"\b(?:như sau|sau đây|dưới đây|cụ thể là|cụ thể|lần lượt là)\b", " "),
        (rf"\b(?:trong vòng|trong thời hạn|trong)(?= {FIGURE})", " "),
        (r"\bbao gồm\b", "gồm"),
        (r"\b(?:xử lý|giải quyết)\b", "giải quyết"),
        (r"\btới\b", "đến"),
        (r"\b(?:tiến hành|thực hiện)\b", "thực hiện"),
        (r"\bđơn xin\b", "đơn đề nghị"),
        (r"\bkể từ\b", "tính từ"),
        (r"\bgiấy tờ, tài liệu\b", "giấy tờ"),
        (r"\b(?:tp\.?|thành phố)(?= )", "thành phố"),
        (r"\bubnd\b", "ủy ban nhân dân"),
        (r"\buỷ\b", "ủy"),
        (r"\btnhh\b", "trách nhiệm hữu hạn"),
        (r"\b(?:vui lòng|xin vui lòng)\b", "xin"),
    ),
    harmless=words_of(
        """
        dạ vâng ạ nhé nha thưa xin chào kính anh chị bạn quý khách mình thì là mà và những các này đó ấy sẽ gồm cần có
        tại ở rồi cùng kèm như thế vậy tôi em
        """
    ),
    of_section=by_section(
        documents="hồ sơ giấy tờ gồm chuẩn bị nộp thành phần loại",
        documents_case="hồ sơ giấy tờ gồm chuẩn bị nộp thành phần loại",
        fee="phí lệ mức thu khoản nộp đóng trả số tiền hết mất tốn",
        time="thời gian hạn giải quyết mất làm kết quả hồ sơ",
        place="nơi nộp hồ sơ đến địa điểm",
        steps="các bước đầu tiên tiếp theo cuối cùng thứ",
        conditions="điều kiện đáp ứng",
        legal_basis="căn cứ pháp lý văn bản",
        forms="biểu mẫu tải",
        results="kết quả nhận",
    ),
)
