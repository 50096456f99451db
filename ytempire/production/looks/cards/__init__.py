"""One file per kind of card; each offers its compositions by name."""

from __future__ import annotations

from collections.abc import Mapping

from ytempire.production.looks.cards import (
    bars,
    compare,
    definition,
    end,
    hook,
    listing,
    number,
    picture,
    question,
    quote,
    statement,
    timeline,
)
from ytempire.production.looks.compose import Composition
from ytempire.production.model import CardKind

CARDS: Mapping[CardKind, Mapping[str, Composition]] = {
    CardKind.HOOK: hook.COMPOSITIONS,
    CardKind.STATEMENT: statement.COMPOSITIONS,
    CardKind.NUMBER: number.COMPOSITIONS,
    CardKind.BARS: bars.COMPOSITIONS,
    CardKind.COMPARE: compare.COMPOSITIONS,
    CardKind.LIST: listing.COMPOSITIONS,
    CardKind.TIMELINE: timeline.COMPOSITIONS,
    CardKind.QUOTE: quote.COMPOSITIONS,
    CardKind.QUESTION: question.COMPOSITIONS,
    CardKind.DEFINITION: definition.COMPOSITIONS,
    CardKind.PICTURE: picture.COMPOSITIONS,
    CardKind.END: end.COMPOSITIONS,
}
