"""Closed lists of words: numbers, currencies and days that a pattern names by a sign, abbreviations, contractions."""


def listed(written: str) -> tuple[str, ...]:
    """The words of a line; lists of words read better as words."""
    return tuple(written.split())


NUMBERS = {
    "en": listed(
        "one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty hundred thousand dozen couple several"
    ),
    "es": listed(
        "dos tres cuatro cinco seis siete ocho nueve diez once doce quince veinte treinta cien mil varios varias"
    ),
    "fr": listed(
        "deux trois quatre cinq six sept huit neuf dix onze douze quinze vingt trente cent mille plusieurs"
    ),
    "de": listed(
        "zwei drei vier fuenf sechs sieben acht neun zehn elf zwoelf fuenfzehn zwanzig dreissig hundert tausend mehrere mehreren"
    ),
    "pt": listed(
        "dois duas tres quatro cinco seis sete oito nove dez onze doze quinze vinte trinta cem mil varios varias"
    ),
    "it": listed(
        "due tre quattro cinque sei sette otto nove dieci undici dodici quindici venti trenta cento mille"
    ),
    "nl": listed(
        "twee drie vier vijf zes zeven acht negen tien elf twaalf vijftien twintig dertig honderd duizend"
    ),
}

CURRENCY_SIGNS = "€£$¥"
CURRENCIES = listed(
    "pound pounds quid pence gbp euro euros eur dollar dollars usd cents chf francs franken reais real brl pesos"
)

DAYS = {
    "en": listed("""
        monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thurs fri sat sun
        january february march april june july august september october november december
        yesterday today tomorrow weekend christmas easter
    """),
    "es": listed("lunes martes miércoles jueves viernes sábado domingo enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre ayer anteayer hoy mañana"),
    "fr": listed("lundi mardi mercredi jeudi vendredi samedi dimanche janvier février mars avril mai juin juillet août septembre octobre novembre décembre hier aujourd'hui demain"),
    "de": listed("montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag januar februar märz april mai juni juli august september oktober november dezember gestern vorgestern heute morgen"),
    "pt": listed("segunda terça quarta quinta sexta sábado domingo janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro ontem hoje amanhã"),
    "it": listed("lunedì martedì mercoledì giovedì venerdì sabato domenica gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre ieri oggi domani"),
    "nl": listed("maandag dinsdag woensdag donderdag vrijdag zaterdag zondag januari februari maart april mei juni juli augustus september oktober november december gisteren eergisteren vandaag morgen"),
}  # fmt: skip

# A full stop after one of these does not end a sentence.
ABBREVIATIONS = frozenset(
    listed("""mr mrs ms dr prof st ave no nos nr ref approx inc ltd co tel ext etc vs eg ie dept est fig incl excl
    jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun
    hr hrs min mins qty sr sra srta dª dna ud uds vd núm num pág av mme mlle mm env réf tél art
    bzw usw ca evtl ggf inkl zzgl str abt tel sog vgl bspw mwst
    sig egr spett dott ecc pag dhr mevr bijv enz evt nl tav mej exmo exma snr max""")
)

NEGATED = listed("""isn't aren't wasn't weren't haven't hasn't hadn't don't doesn't didn't couldn't wouldn't
    shouldn't mustn't needn't mightn't""")
