"""The lexicon of English; words are compared by their stems."""

from __future__ import annotations

from bot.domain.procedure import Language

from .lexicon import FIGURE, Lexicon, by_section, stem, words_of

_FILING = (
    r"(?:(?:if|when|for)(?: you)?(?: are)? )?(?:you )?(?:fil(?:e|ing)|submit(?:ting)?|apply(?:ing)?)?"
    r"(?: the papers| your papers| it)? ?(?:are )?"
)

ENGLISH = Lexicon(
    Language.EN,
    bearings=(
        ("free", r"\b(?:there is )?(?:no (?:fee|charge)|nothing to pay)\b|\bfree(?: of charge)?\b"),
        ("optional", r"\b(?:if any|if applicable|where applicable|if you have (?:one|any))\b"),
        ("at_most", r"\b(?:(?:no|not) (?:later|more|longer) than|at most|up to|maximum)\b"),
        ("at_least", r"\b(?:no less than|not less than|at least|minimum)\b"),
        ("not", r"\b(?:not|no|never|none|nothing|without|cannot|neither|nor)\b|n['’]t\b"),
        ("forbidden", r"\b(?:forbidden|prohibited|banned|refused?)\b"),
        ("must", r"\b(?:must|ha(?:ve|s) to|required?|mandatory|compulsory|shall|obligatory)\b"),
        ("may", r"\b(?:may|can|could|might|optional(?:ly)?)\b"),
        ("exempt", r"\b(?:exempt(?:ed|ion)?|waived?|reduced|refund(?:ed)?)\b"),
        ("except", r"\b(?:except|unless|excluding|other than|apart from|besides)\b"),
        ("if", r"\b(?:if|when|provided|in case|once|where)\b"),
        ("only", r"\b(?:only|just|solely)\b"),
        ("or", r"\b(?:or|either)\b"),
        ("all", r"\b(?:all|every|each|any|both)\b"),
        ("before", r"\b(?:before|prior)\b"),
        ("after", r"\bafter\b"),
        ("until", r"\b(?:until|till)\b"),
        ("more", r"\b(?:more than|over|above)\b"),
        ("less", r"\b(?:less than|under|below)\b"),
        ("about", r"\b(?:about|around|approximately|roughly|usually|normally)\b"),
    ),
    labels=(
        ("online", rf"\b{_FILING}(?:online|over the internet)\b"),
        ("direct", rf"\b{_FILING}(?:in person|at the counter)\b"),
        ("post", rf"\b{_FILING}by (?:post|mail)\b"),
        ("any_way", r"\bany way of filing\b"),
        ("original", r"\boriginals?\b"),
        ("copy", r"\bcop(?:y|ies)\b"),
    ),
    same=(
        (rf"\b(?:within)(?= {FIGURE})", " "),
        (r"\b(?:the following|as follows|following)\b", " "),
        (r"\bapplication form\b", "application"),
        (r"\b(?:set by|as set by)\b", "set by"),
        (r"\bpeople['’]s\b", "peoples"),
    ),
    harmless=frozenset(
        map(
            stem,
            words_of(
                """
        a an the is are be it this that these those there here please you your we will need should to and in at on
        dear hello hi thank thanks
        """
            ),
        )
    ),
    of_section={
        key: frozenset(map(stem, words))
        for key, words in by_section(
            documents="document paper bring prepare hand file include",
            documents_case="document paper bring prepare hand file include",
            fee="fee cost pay amount charge",
            time="processing process take time handl",
            place="where file go submit place",
            steps="step first next then finally last",
            conditions="condition meet",
            legal_basis="legal basis law",
            forms="form download",
            results="what receive get result",
        ).items()
    },
)
