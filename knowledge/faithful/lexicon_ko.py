"""The lexicon of Korean; letters are compared, and what turns a statement follows it."""

from __future__ import annotations

from bot.domain.procedure import Language

from .lexicon import FIGURE, Lexicon, by_section

KOREAN = Lexicon(
    Language.KO,
    bearings=(
        ("free", r"무료|비용이 들지 않|수수료가 없|수수료는 없"),
        ("optional", r"해당 ?시|해당하는 경우|있는 경우|있을 경우|있으면"),
        ("at_most", r"최대|이하|늦어도"),
        ("at_least", r"이상|최소"),
        ("not", r"않|없|아니|안 (?=되|하)|못|불가|불필요|미제출|말고|지 마"),
        ("forbidden", r"금지|거부"),
        ("must", r"해야|하여야|어야|아야|필수|의무|반드시"),
        ("may", r"수 있|가능|허용"),
        ("exempt", r"면제|감면|환급"),
        ("except", r"제외|외에는|말고"),
        ("if", r"경우|하면(?! 됩)|으면|라면|다면"),
        ("only", r"오직|만(?= |$|[.,])|뿐"),
        ("or", r"또는|혹은|이나(?= )|거나"),
        ("all", r"모두|모든|전부|매(?=년|월|번)|각(?= )"),
        ("before", r"이전|전에|전까지"),
        ("after", r"이후|후에|후(?= |$|[.,])|다음에"),
        ("until", r"까지"),
        ("more", r"초과"),
        ("less", r"미만"),
        ("about", r"약(?= )|정도|보통|대략"),
    ),
    labels=(
        ("online", r"온라인|인터넷"),
        ("direct", r"방문|직접|창구"),
        ("post", r"우편"),
        ("any_way", r"모든 방법"),
        ("original", r"원본"),
        ("copy", r"사본"),
    ),
    same=(
        (rf"(?<={FIGURE})\s?이내", " "),
        (r"다음과 같습니다|아래와 같습니다|안내해 드립니다|안내드립니다", " "),
        (r"(?:접수|신청|제출|처리)(?:하시면|하면|할 때는?|하실 때는?)(?= |$|[.,])", " "),
        (r"(?:접수|신청|제출) ?시(?= |는|에)|(?:접수|신청|제출)(?=은|이(?= ))", " "),
    ),
    harmless=frozenset("은는이가을를의에서로으와과및고며되됩니다습요하시해주세입면도합드네께귀님"),
    of_section=by_section(
        documents="제 출 서 류 필 요 준 비",
        documents_case="제 출 서 류 필 요 준 비",
        fee="수 료 비 용 금 액",
        time="처 리 기 간 걸 립 소",
        place="접 수 처 제 출 곳",
        steps="절 차 단 계 먼 저",
        conditions="조 건",
        legal_basis="법 적 근 거",
        forms="식 서 양",
        results="받 게 결 과",
    ),
    letters=True,
    binds_back=True,
)
