"""The words and small patterns by which an English letter commits, hedges, and takes back."""

import re


def set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


OURS = set_of("i we")
BE = set_of("am are is 'm 're 's be")
ADVERBS = set_of(
    "also then personally now certainly definitely gladly still first naturally both all obviously next immediately "
    "therefore instead again just simply either directly too today tomorrow tonight hopefully probably "
    "likely surely shortly soon absolutely happily myself ourselves however separately automatically further additionally already"
)
STAFF = set_of(
    "colleague colleagues member manager managers engineer engineers driver drivers technician technicians team department supervisor "
    "director accountant accounts warehouse workshop office shop branch someone somebody fitter fitters plumber electrician "
    "agent agents adviser advisor specialist specialists crew staff mechanic mechanics installer installers surveyor assistant "
    "representative courier couriers carpenter gardener cleaner chef owner boss finance logistics dispatch despatch store "
    "depot lawyer developer developers support us nurse doctor inspector people van"
)
THIRD = set_of(
    "bank banks mail dhl ups fedex hermes evri dpd gls tnt post paypal visa mastercard amex klarna stripe manufacturer manufacturers supplier "
    "suppliers insurer insurers insurance landlord council police customs carrier airline government court they he she "
    "provider issuer regulator ombudsman everyone everybody nobody anyone customers people others company companies "
    "authorities hmrc bt openreach amazon apple google microsoft parliament weather forecast museum wholesaler vendor"
)
ARRIVE = set_of("arrive reach come land leave ship get appear show go follow happen")
COMES = set_of("comes arrives leaves ships goes follows lands happens")
ARRANGED_FOR = set_of("set arranged confirmed rescheduled rebooked fixed slated")
RESULT_PARTICIPLES = set_of(
    "refunded sent dispatched despatched shipped posted mailed credited repaired replaced fixed mended collected fitted installed "
    "paid returned processed issued delivered restored cancelled canceled corrected completed finished resolved sorted settled removed "
    "contacted called rung phoned emailed reimbursed transferred updated upgraded reinstated reconnected connected waived adjusted "
    "reversed reviewed investigated answered looked dealt done made back ready working raised checked picked exchanged compensated "
    "cleaned painted redone rebooked rescheduled unlocked reopened activated deleted amended forwarded escalated released informed notified kept"
)
RESULT_STATES = set_of(
    "with back ready working in there on up at yours available able finished done complete your fixed online"
)
NOT_AFTER_OURS = set_of(
    "happy glad pleased delighted here available open closed unable sorry away out honest fair frank grateful thankful around "
    "reachable using operating offering trading changing moving launching introducing proud thinking looking welcoming celebrating celebrate remain need require have-to "
    "understand see know notice agree appreciate recall remember assume hope admit say confess never miss learn welcome "
    "always continue value treasure strive consider depend want wish like love only not improve owe do-better cease stop "
    "assist stay"
)
NEGATIVE = set_of(
    "not never won't shan't can't cannot shouldn't don't doesn't no nor neither hardly unable didn't wouldn't isn't aren't"
)
GENERAL = re.compile(
    r"\b(?:usually|normally|typically|generally|as a rule|in general|in most cases|on average|always|every time|each time|most (?:orders|refunds|customers|cases|people)"
    r"|all (?:orders|refunds|customers|enquiries|complaints|emails|requests|calls|queries|messages|deliveries)|any (?:complaint|customer|order|request|enquiry|refund|changes?)"
    r"|our (?:standard|usual|normal|general|terms|policy|opening)|(?:can|could|may|might) take|in (?:the )?future|from (?:next|this) (?:week|month|year|season|spring|summer|autumn|winter|term)|from now on|going forward|(?:every|each) (?:letter|complaint|order|mail|email|message|case|request|claim|call)|customers (?:will|should)|policy is|whenever|every customer)\b"
)
CONDITION = re.compile(
    r"\b(?P<word>if|once|when|whenever|as soon as|after|provided|providing|assuming|unless|subject to|on receipt|upon|in case|should you|following|until|on receiving)\b"
)
NO_CONDITION = re.compile(
    r"\b(?:see|check|ask|asked|know|find out|tell you|sure|wonder|say|even|as|confirm|establish|determine|decide|clear|look at) if\b|\bif not (?:sooner|before|earlier)\b"
)
OUR_EVENT = re.compile(
    r"\byour (?:refund|replacement|order|case|account|claim|complaint|repair|new|parcel (?:has )?(?:leaves|left|is back))\b"
)
CUSTOMER = re.compile(r"\b(?:you|your|yours|you're|you've)\b")
POSSIBLE = re.compile(r"\bif (?:at all )?(?:possible|we can|i can)\b")
DOUBT = re.compile(
    r"\b(?:can(?:no|')t|not|don't|doesn't|never|unable to|no|nobody|hard to|impossible to|difficult to|too early to)\b[^,;.]{0,40}?\b(?:promise|guarantee|say|confirm|know|think|believe|expect|sure|certain|whether|predict|tell)\b[^,;.]{0,25}$"
    r"|\b(?:which|what|how|whose) (?:[a-z]{1,15} ){1,3}$|\b(?:whether|how|what|which day|why|where|who|when|doubt|wonder|depends on|might|perhaps|maybe|wish|wished|hoped|feared|thought|told(?: you)?(?: that)?|said|promised|claimed|would|understood)(?: that| us| you)? *$"
)
REQUEST = re.compile(
    r"\s*(?:please|kindly|just|simply|could you|can you|would you|send|reply|let (?:me|us) know|tell|call|give (?!(?:me|us|him|her|the \w+) (?:until|till|to |an?\b|one|two|three|\d))|fill|return|post|sign|click|confirm|bring|drop|ring|email|provide|attach|forward)\b"
)
LET_ME = re.compile(
    r"\blet (?:me|us) (?!know|have|apologi[sz]e|explain|say|assure|start|begin|be|tell|add|thank|reassure|hear|see you)(?P<verb>[a-z]+)"
)
BY_OTHERS = re.compile(
    r"\bby (?:royal mail|dhl|ups|fedex|hermes|evri|dpd|gls|the (?:manufacturer|supplier|bank|council|insurer)|your (?:bank|insurer|landlord))\b"
)
ARRANGED = re.compile(
    r"\b(?:i|we)(?:'ve| have)? (?:\w{2,12} )?(?:arranged for|asked|instructed|arranged|booked|scheduled) (?!you\b|them\b|royal|the (?:bank|manufacturer|supplier|courier|council)|your (?:bank|insurer))"
    r"(?:[\w'-]{1,15} ){1,4}?(?:to (?!know|see if)[a-z]+|for (?=(?:next |this |the )?(?:mon|tues|wednes|thurs|fri|satur|sun|tomorrow|today|\d))|on (?=(?:the )?(?:mon|tues|wednes|thurs|fri|satur|sun|\d)))"
)
NO_AGAIN = re.compile(
    r"\b(?:(?:not|never|won't|doesn't|n't) (?:\w{1,12} ){0,3}?(?:happen|occur|recur|repeated)|(?:prevent|avoid|stop) (?:\w{1,12} ){0,4}(?:happening|recurring|again)|do better|take (?:\w{1,12} ){0,3}(?:on board|seriously)|bear (?:\w{1,10} ){0,2}in mind|keep (?:this|it|that) in mind|do (?:everything|all|whatever)|learn from|make sure (?:\w{1,12} ){0,3}(?:doesn't|does not|never|isn't|won't)|ensure (?:\w{1,12} ){0,6}(?:again|not|never)|rather than|leave (?:it|this|that|the \w{2,12}) (?:with|to) you|confidential|see you|look forward|be in the office|be at my desk|be at your (?:disposal|service)|need (?:you|your|to|a|the)|have to|ask you|ask that you|require)\b"
)
PERFECT = re.compile(
    r"(?:have|'ve) (?:already |just |now |all )*(?:been|had|done|gone|sent|told|got|gotten|made|given|seen|heard|received|noticed|read|left|found|taken|come|known|kept|said|rung|called|caught|\w{2,15}ed)\b"
)
HEDGE_VERBS = re.compile(
    r"(?:(?:do|doing) (?:my|our) (?:very )?(?:best|utmost)|try|tries|trying|aim|aims|aiming|hope|hopes|hoping|plan|plans|planning|intend|intends|intending|expect|expects|expecting|endeavour|endeavor|attempt|trying hard|strive|seek|(?:be|am|are|is|'m|'re) (?:hoping|planning|aiming|trying|expecting|intending)) (?:very hard |hard )?(?:to|and) "
)
HEDGE_WORDS = re.compile(
    r"\b(?:hopefully|i (?:reckon|think|believe|imagine)|with (?:any |a bit of |a little )?luck|all being well|all going well|probably|most likely|likely|fingers crossed|in all likelihood|if (?:at all )?possible|do (?:my|our) (?:very )?best)\b"
)
FUTURE_PRESENT = re.compile(
    r"\b(?:comes|arrives|leaves|ships|goes out|starts on|is (?:booked|scheduled|due|set|coming|arriving|leaving|going out|shipping)|are (?:booked|scheduled|due|set|coming|arriving)|'s (?:booked|coming|due))\b"
)
VERBS = (
    "refund|reimburse|ring|call|phone|email|e-mail|mail|write|text|message|send|post|dispatch|despatch|ship|deliver|collect|pick|replace|repair|"
    "fix|mend|credit|pay|transfer|cancel|check|look|investigate|speak|talk|ask|chase|find|let|update|tell|inform|confirm|get|come|give|keep|"
    "arrange|book|order|issue|waive|deduct|remove|add|correct|change|install|fit|visit|report|return|reply|answer|respond|raise|escalate|"
    "forward|pass|share|offer|make|have|bring|contact|prepare|put|drop|organise|organize|review|sort|resolve|reset|restore|test|follow|back"
)
SPLIT = re.compile(
    rf"(?:,? and|,|,? then)(?: then| also| will| shall| to| afterwards| finally| of course| personally| we will| i will){{0,2}} (?={VERBS}\b)(?!(?:check|order|repair|call|change|report|review|return|mail|post|offer|visit)s? (?:is|was|of|for|has|will|number)\b)"
)
CUT = re.compile(
    r"(?:,| -| –)? \b(?:because|since (?:we|you|the|i)\b|although|though|whereas|while (?:we|you|i|the)|as (?:we|i|the|our|you|your|it|this) |so please|but please|but you|but the|but it|but this"
    r"|and please|and you can|and you may|and in the meantime|in the meantime|meanwhile|please|where |when you|that you (?:sent|bought|ordered|paid)|which (?:we|you|was|is|has|i|arrived|came)|who (?:was|is|has)"
    r"|about (?:the|your) (?:\w{1,15} ){1,3}(?:of|from|on)|for the (?:delay|wait|trouble)|instead of|rather than|and not|not )"
)
NAME_STOPS = set_of(
    "the a an this that these those it i we you your our my and but so if when once as by on at in for to from with then there here they he she both all any no yes dear hi hello thanks please thank sorry regards mr mrs ms dr hopefully"
)


NOT_PLANS = set_of(
    "going writing working waiting looking having being doing awaiting getting thinking missing during nothing something anything morning evening open opening closing moving launching regarding including according relocating running celebrating struggling seeing"
)

BREAKS = set_of(
    ". , ; : ( ) - – — and but so that because as if when once while which is are was were has have will 'll ! ? \" “ ” though although"
)
OPENERS = set_of(
    "the a an your our my this these both all another one every each his her their its no any some everything someone somebody"
)

GENERIC_STARTS = set_of(
    "refund replacement delivery payment parking entry admission shipping sale everything nothing something doing time work production"
)

EVENT = re.compile(
    r"\b(?:once|when|as soon as|after|until) (?!now\b|then\b|today\b|tomorrow\b|noon\b|lunch\b|\d|the weekend)(?:the|we|i|it|our|that|this|he|she|they|your|stock|everything|a|an|my|work|repairs|parts)\b|\bbefore (?:you|we|i|he|she|they|it) "
)

LEADS = re.compile(
    r"(?:(?:and|but|so|then|also|now|come|in any case|either way|as promised|as agreed|i can confirm that|rest assured)[, ]+)?"
    r"(?:(?:by|on|before|within|in|at|later|no later than|from|over|during|the|not later than|some time|around)[ ,]*){0,3}$"
)

VISIT = re.compile(
    r"\b(?:visit|delivery|collection|repair|engineer|technician|fitter|replacement|installation|call ?back|call|refund|payment)\b"
)
SHUTS = re.compile(r"(?:close|open|reopen|shut|move|relocate)\b(?! (?:your|the|it|a|this|that)\b)")
HAVING = re.compile(
    r"have (?:an?|the|your|our|it|this|that|some|more|news|everything|both|all|\d|one|two|three|these|those)\b"
)
NOTED = re.compile(
    r"(?:i|we)(?:'ve| have|'m| am)?(?: just| now| also)? (?:put|made|set|got|have|added|marked|left|making|putting|setting)?\b[^.;,]{0,50}\b(?:diary|calendar|note|reminder|alarm)\b"
    r"[^.;,]{0,20} to (?!the\b|your\b|a\b)[a-z]+"
)
NOT_COMING = re.compile(
    r"(?:open|close|reopen|shut|end|expire|renew|cost|take|last|remain|stay|continue|apply|need|require|change|increase|rise|vary|depend|mean|launch|stop|run|play|contain|include|feature"
    r"|help|make|see|look|know|say|have|give|allow|enable|let|seem|become|feel|never|happen again|show (?:you|how|that))\b"
    r"|be (?:available|open|closed|shut|down (?:for|while)|offline|able to (?!use)|on (?:sale|display|offer|show|holiday|leave)|held|in (?:touch if|charge|line)|at least|with you in spirit|made (?:aware|public)"
    r"|there (?:to|for)|an?\b|no\b|more|less|happy|glad|busy|subject|due|free|charged|debited|billed|used|needed|required|necessary|moving|changing|closing|launching|expired|published|announced|valid|late|asked|different"
    r"|some|any|as\b|too|so\b|very|shown|like|the (?:same|case|best|first|last|only)|possible|difficult|hard|easy|unable|away|out of (?:the )?office|at (?:my|our|the) (?:desk|office)|much|most|quite|welcome)\b"
)
BUSY_OR_KEPT = re.compile(r"be (?:working (?:hard|on)|kept (?:on|safe|confidential)|at (?:least|the))")
NOT_GETTING = re.compile(
    r"(?:receive|have|get|hear) (?:to\b|a chance|the (?:chance|option|right|opportunity)|from (?:the|your|dhl|them|him|her)\b|any)"
    r"|be (?:charged|asked|required|billed|debited|invited|able to (?!use|see|log|sign|get)|welcome|aware|pleased|glad|happy|eligible|entitled|responsible|sorry|away|out)\b"
)
GETTING_BY_THEN = re.compile(
    r"know\b|find (?:the|your|it|a) |see (?:the|your|it|a)\b|be (?:told|paid|given|back|up|moved|put|able to|[a-z]{3,14}ed|[a-z]{3,10}en)\b"
)

CARRIER_WORDS = set_of(
    "express logistics couriers freight parcels parcel bank insurance ltd inc plc llc gmbh carriers post cargo airways airlines haulage shipping distribution deliveries"
)
CARRIER = re.compile(r"\w{2,}(?:post|parcel|freight|express|logistics|courier|cargo|bank|airways)s?$")
NOT_BEFORE_A_SUBJECT = set_of(
    "of for from in at to on with by about under over inside into and or that which you we i"
)
EVERYBODYS = set_of(
    "sale sales season museum course term film show concert festival market exhibition fair app prices charges tariff strike system website shop shops stores offices competition draw event meeting webinar class classes timetable rules menu law hours warranty guarantee price contract subscription membership policy flight train bus ferry coach boat licence offer"
)

STAFF_DOES = set_of("returns visits collects delivers calls rings brings fits installs repairs drops picks")
COUNT_ON = re.compile(r"(?:count|rely) on (?:us|me|our \w{2,15}) to [a-z]+")
UNDER_WAY = re.compile(
    r"going (?:out|off|back|in the post|into|to (?:you|your)\b)|being (?!held|used|made|looked|investigated|handled|dealt)[a-z]{3,12}(?:ed|en|t)\b"
)
LONGEST_ASIDE = 9  # words between the commas of "Bea, our floor manager, will"
NO_ASIDE = set_of("and but so then which who because if when as or")

WORD = re.compile(r"[a-z]+")
PLANNED = set_of("booked scheduled planned due coming arriving leaving shipping")
GOES_BEFORE = (
    set_of("has have will 'll was were") | COMES | STAFF_DOES
)  # verbs that a later "and will" shares its subject with
