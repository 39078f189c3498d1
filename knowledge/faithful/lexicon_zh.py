"""The lexicon of Chinese; letters are compared."""

from __future__ import annotations

from bot.domain.procedure import Language

from .lexicon import FIGURE, Lexicon, by_section

CHINESE = Lexicon(
    Language.ZH,
    bearings=(
        ("free", r"免费|免費|不收费|无需缴费|不收取费用"),
        ("optional", r"如有|若有|如果有"),
        ("at_most", r"不超过|最多|最长|最迟|以下"),
        ("at_least", r"至少|最少|不少于|以上"),
        ("not", r"不|无|無|没|未|非(?!常)|别(?=[用去])"),
        ("forbidden", r"禁止|拒绝|严禁"),
        ("must", r"必须|必需|须|應当|应当|应(?!用)|强制"),
        ("may", r"可以|可(?!靠)|允许|能够"),
        ("exempt", r"免除|免(?!费)|减免|退还"),
        ("except", r"除外|除非|除了|除"),
        ("if", r"如果|若|如(?!下|有)|当(?!地|局)|的话|(?<=[\u4e00-\u9fff])时(?!间|长)"),
        ("only", r"仅|只(?!要)|唯一"),
        ("or", r"或者|或|还是"),
        ("all", r"所有|全部|每|均|都(?!市)|各(?=项|类|个)"),
        ("before", r"之前|以前|前(?=[\u4e00-\u9fff，。]|$)"),
        ("after", r"之后|以后|后(?=[\u4e00-\u9fff，。]|$)"),
        ("until", r"截至|直到"),
        ("more", r"超过|多于"),
        ("less", r"少于|不足|低于"),
        ("about", r"大约|大概|左右|通常|一般"),
    ),
    labels=(
        ("online", r"网上|在线|线上"),
        ("direct", r"现场|当面|窗口|到场"),
        ("post", r"邮寄|邮政|邮递"),
        ("any_way", r"任何方式"),
        ("original", r"原件|正本"),
        ("copy", r"复印件|副本"),
    ),
    same=(
        (rf"(?<={FIGURE})\s?(?:以内|之内|内)", " "),
        (r"如下|以下(?=[各材这，：:]|$)", " "),
        (r"(?<=[上场面寄递线])(?:办理|提交|申请|递交)(?:时|的话)?", " "),
        (r"在线", "网上"),
    ),
    harmless=frozenset("的了是在请您你为和与及共需要您好们这项此以为个份由"),
    of_section=by_section(
        documents="所 需 材 料 包 括 准 备 提 交",
        documents_case="所 需 材 料 包 括 准 备 提 交",
        fee="费 用 收 缴 金 额 办 理 手 续",
        time="办 理 时 间 所 需",
        place="受 理 地 点 提 交 到",
        steps="办 理 步 骤 首 先 然 最",
        conditions="条 件",
        legal_basis="法 律 依 据",
        forms="表 格",
        results="办 理 结 果",
    ),
    letters=True,
)
