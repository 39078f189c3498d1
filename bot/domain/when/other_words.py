"""Words that days and hours are told with, where they mean something else: "người thứ ba", "khuyến mại", "sáng chế".

Written with their marks; where a text has none, the same words are found without.
"""

from __future__ import annotations

from .patterns import Pattern

_PARTS_OF_DAY = (
    "sáng (?:tạo|lập|kiến|chế|suốt|tỏ|đèn|mắt|tác|ý|nghiệp|giá)",
    "(?:ánh|chiếu|phát|thắp|pháo|đèn|ngừng|soi|độ) sáng",
    "chiều (?:cao|dài|rộng|sâu|hướng|theo|ngang|dọc|lòng|chuộng|về|đi)",
    r"(?:một|hai|ba|nhiều|ngược|xuôi|đa|trái|\d) chiều(?! (?:nay|mai|mốt|thứ|ngày|hôm|t\d|cn|chủ))",
    r"tối (?:đa|thiểu|ưu|cao|tăm(?! \d)|mật|hậu)|tối thi\w*|(?:bóng|u|tăm|mờ) tối",
    r"(?:nghỉ|ăn|ngủ|cơm|bữa) (?:trưa|sáng|tối|chiều)|chào buổi \w+|buổi \w+ (?:tốt lành|vui vẻ)",
    "(?:hộ|đối|tham|trình|soi|đang|được|phản|máy|bị|quảng cáo) chiếu",
    "chiếu (?:theo|phim|xạ|rạp|bóng|sáng|của)",
)
_DAYS = (
    "(?:thương|khuyến|tương|mỉa|hoàng|bạch|đình|hoa|cành|cây|nay|lan) mai|mai (?:mối|mốt|kia|táng|mỉa|sau)",
    "(?:áp|trời|lợp) mái|mái (?:nhà|tôn|che|hiên|lớn)|(?:sơn|chưa|đá|gọt) mài|(?:phát|đấu) mại",
    "(?:trang|kiểu|hợp|lỗi|chạy|hai|ba|bốn|mươi) mốt|mốt (?:mới|thời|nhất)",
    "(?:hiện|đến|xưa|lâu|trước|ngày) nay(?! (?:đến|tới))",
    "ngày một (?:nhiều|tăng|lớn|cao|khó|ít|giảm|bữa|lần)",
)
_HOURS = (
    "sáu giờ (?:hành chính|làm|nghỉ|cao điểm|tan|nay|này)",
    r"bây giờ(?! (?:rưỡi|kém|sáng|chiều|tối (?:nay|mai)))(?! \d\d)",
)
_MONTHS_AND_YEARS = (
    "(?:hợp đồng|lương|báo cáo|kỳ|thuế) tháng (?:thứ )?13|ngày tháng năm|tháng một lần",
    "tháng (?:đầu|cuối) (?:năm|quý)|năm (?:học|tài chính)",
    r"(?:luật|nghị định|thông tư|sinh|từ|thành lập|doanh thu|nguồn thu|tổng thu|việt) năm(?: \w+)?",
)
_ORDERED = (
    "lần|cái|người|bên|điều|cách|bản|nước|phương án|câu|hàng|hạng|ý|năm|quý|tháng|vị|con|"
    "(?<!sang )(?<!đầu )(?<!cuối )(?<!qua )tuần|tờ|loại|bước|ngôi|phần|vấn đề|thành viên|"
    "lựa chọn|đợt|vòng|khoản|mục|(?<!kinh )doanh|nguồn|tổng|mức|số|chiến|đời|tập|lượt|trang|dòng|cột|điểm|bán|dịch|"
    "vệ tinh|tỉnh|ngành|vợ|chồng|giá|hãng|ngày làm việc"
)
_OWNED = (
    "công ty|chi nhánh|cơ sở|cửa hàng|dự án|giấy|văn bản|nhà|thiết bị|kho|cảng|xưởng|máy|sản phẩm|tàu|xe|sổ|"
    "địa điểm|văn phòng"
)
"""Somebody may have a second or a third of these; a fourth is rarer than "nộp hồ sơ công ty thứ tư"."""
_WEEKDAY = r"(?:\d+|hai|ba|tư|năm|sáu|bảy)"
_ORDERS = (
    rf"(?:{_ORDERED}) thứ {_WEEKDAY}(?!\w)(?! (?:tuần|này|tới))",
    rf"(?:{_OWNED}) thứ (?:2|3|hai|ba)(?!\w)(?! (?:tuần|này|tới))",
    rf"(?:(?<!kinh )doanh|nguồn|tổng|mức|khoản|số|phí|truy|tạm|đã) thu {_WEEKDAY}",
    r"(?:theo|đúng|số) thứ tự|thứ tự (?:nào|ưu tiên|abc|các|từ|là)|thứ \d{1,2}[.,]\d",
)

OTHER_WORDS = tuple(
    Pattern(rf"(?<!\w)(?:{words})(?!\w)") for words in (*_PARTS_OF_DAY, *_DAYS, *_MONTHS_AND_YEARS, *_ORDERS)
) + tuple(Pattern(rf"(?<!\w)(?:{words})") for words in _HOURS)
"""What must not be read as a day, an hour or a part of the day."""
