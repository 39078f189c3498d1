"""The lexicon of Japanese; kanji and katakana are compared, and what turns a statement follows it."""

from __future__ import annotations

from bot.domain.procedure import Language

from .lexicon import FIGURE, Lexicon, by_section

JAPANESE = Lexicon(
    Language.JA,
    bearings=(
        ("free", r"無料|費用はかかりません|手数料はかかりません"),
        ("optional", r"該当する場合|該当時|ある場合|あれば"),
        ("at_most", r"最大|以下|遅くとも"),
        ("at_least", r"以上|最低|少なくとも"),
        ("must", r"なければな(?:りません|らない)|必須|義務|必ず"),
        ("not", r"ません|ない|不要|なし|無し|未(?!満)|ず(?=に|、|。)|不(?=可|要|備)"),
        ("forbidden", r"禁止|拒否"),
        ("may", r"できます|できる|可能|てもよい|ても構い"),
        ("exempt", r"免除|減免|返金|払い戻し"),
        ("except", r"を除|以外"),
        ("if", r"場合|とき|れば|たら|際(?=は|に)"),
        ("only", r"のみ|だけ|しか"),
        ("or", r"または|もしくは|あるいは"),
        ("all", r"すべて|全て|全部|毎|各(?=\w)"),
        ("before", r"以前|前(?=に|まで|、)"),
        ("after", r"以後|以降|後(?=に|、|で)|てから"),
        ("until", r"まで"),
        ("more", r"超"),
        ("less", r"未満"),
        ("about", r"約|程度|ほど|通常|おおよそ"),
    ),
    labels=(
        ("online", r"オンライン|インターネット"),
        ("direct", r"窓口|対面"),
        ("post", r"郵送|郵便"),
        ("any_way", r"すべての方法"),
        ("original", r"原本"),
        ("copy", r"写し|コピー"),
    ),
    same=(
        (rf"(?<={FIGURE})\s?以内", " "),
        (r"(?:以下|次)のとおり(?:です)?", " "),
        (r"手続き(?=は|$|、)", " "),
        (r"(?:申請|提出|手続き)(?:の場合|する場合|される場合|の際)は?", " "),
        (r"(?<=窓口|郵送|郵便)の場合は?", " "),
        (r"(?<=オンライン)の場合は?", " "),
    ),
    harmless=frozenset("御様願致下"),
    of_section=by_section(
        documents="必 要 書 類 提 出 用 意",
        documents_case="必 要 書 類 提 出 用 意",
        fee="手 数 料 費 用 金 額",
        time="処 理 期 間",
        place="提 出 先",
        steps="手 順",
        conditions="条 件",
        legal_basis="法 的 根 拠",
        forms="様 式",
        results="受 取 結 果",
    ),
    letters=True,
    binds_back=True,
)
