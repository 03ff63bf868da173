"""Which words deny what follows them, and which only seem to; per language, in the pattern language itself.

A hit with a negator at most three words before it, and no comma or "but" between, is shown as weakened.
An exception covers its negator: "not only disappointed" and "could not be more disappointed" deny nothing.
"""

from worker.domain.rules.vocabulary import listed

NEGATORS: dict[str, tuple[str, ...]] = {
    "en": (
        "{not|never|no|nor|neither|without|hardly|nobody|nothing|none}",
        "far from",
        "anything but",
        "would hate",
    ),
    "es": ("{no|nunca|jamás|ni|sin|tampoco|nadie|nada|ningún|ninguna|ninguno}",),
    "fr": ("{pas|jamais|sans|aucun|aucune|ni|nullement|guère}",),
    "de": ("{nicht|nie|niemals|kein|keine|keinen|keiner|keinem|keinerlei|ohne|kaum|weder}",),
    "pt": ("{não|nunca|jamais|nem|sem|nenhum|nenhuma|ninguém|nada}",),
    "it": ("{non|mai|né|senza|nessun|nessuna|nessuno|niente}",),
    "nl": ("{niet|nooit|geen|zonder|nauwelijks|noch}",),
}

EXCEPTIONS: dict[str, tuple[str, ...]] = {
    "en": (
        "not {only|just|merely|simply|least|surprisingly|once}",
        "{could|can} not be {more|any more|less}",
        "{can|could} not {believe|<stress>|<express>|<describe>|<tell>|<say>|<help>|even} ",
        "{never|not} (ever) (been|felt|had|seen|<have>) {so|such|as|more}",
        "{never|not} (ever) <have> (I|we) (ever) (been|felt|had|seen) (so|such|as|more)",
        "no {wonder|doubt|longer|end|joke|idea|choice|surprise|exaggeration|other word|word|words}",
        "nothing {but|less|short}",
        "not to {say|mention}",
        "not {sure|know|understand} {if|whether|why|how|what|when|where}",
        "why not",
        "if not",
        "or not",
    ),
    "es": ("no {solo|sólo|solamente}", "no {puede|puedo|podría|podemos|podría} {ser|estar|creer|estar más} (más)", "no {es|cabe} duda", "sin {duda|embargo}"),
    "fr": ("pas {seulement|que|uniquement|moins}", "{peux|peut|pouvait|pourrais} pas être plus", "sans {doute|parler}"),
    "de": ("nicht {nur|bloß|zuletzt|mehr}", "kein {wunder|zweifel}", "{könnte|könnten} nicht", "ohne {zweifel}"),
    "pt": ("não {só|apenas|somente}", "não {podia|poderia|posso} {estar|ser|acreditar} (mais)", "sem dúvida"),
    "it": ("non {solo|soltanto|solamente}", "non {potrei|potrebbe|posso} {essere|credere} (più)", "senza dubbio"),
    "nl": ("niet {alleen|enkel}", "geen {wonder|twijfel}", "zonder twijfel"),
}  # fmt: skip

# Words that end what a negator reaches.
BARRIERS = frozenset(
    listed("""
    i and but so because as since although though however yet when while which who that if
    y pero porque aunque que e mais mas porém perché ma però anche und aber weil denn sondern
    et car parce en maar want omdat""")
)

# Words that turn a sentence: what excused its first half does not excuse its second.
TURNS = frozenset({"but", "however", "pero", "mais", "aber", "ma", "però", "mas", "porém", "maar"})
