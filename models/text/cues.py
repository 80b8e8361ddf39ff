"""Turns of phrase that tell what a post does: asks, denies, hedges, cites, mourns.

Four readers want them. The patterns on which they agree stand once, at the top; each reader's own follow in its
list. The lists of the trained parts stay as they are until those parts are retrained: another pattern would give them
numbers that they never learnt from (a test holds the lists to a digest). The baseline's never changes.
"""

import re
from collections.abc import Mapping

# -- what several readers agree on --

ASKS_WHETHER_TRUE = r"\b(?:is|was|are) (?:this|that|it|these|they) (?:true|real|legit|confirmed|fake|right)\b"
ASKS_FOR_A_SOURCE = r"\b(?:any|got a|what'?s (?:your|the)) (?:source|proof|evidence|link|confirmation)\b"
ASKS_TO_CONFIRM = r"\b(?:can|could) (?:any ?one|some ?one|you|we) (?:confirm|verify|check)\b"
ASKS_IN_A_WORD = r"\b(?:source|proof|evidence|link|confirmed|really|true|seriously|sure)\s*\?"
ASKS_WHO_KNOWS = r"\b(?:anyone|anybody) (?:know|heard|else|got)\b"
QUESTION_MARK = r"\?"
HOAX = r"\b(?:hoax|debunked|untrue|fake news|misinformation|disinformation|photoshopped)\b"
NOT_TRUE = r"\b(?:not|isn'?t|ain'?t|wasn'?t|never) (?:\w+ )?(?:true|real|happening|correct|accurate)\b"
NO_EVIDENCE = r"\bno (?:evidence|truth|sign|record|reports?) (?:of|to|that|in)\b"
STOP_SPREADING = r"\b(?:stop|don'?t) (?:spreading|sharing|posting|believe|spread|share)\b"
OLD_PICTURE = r"\b(?:old|different|wrong) (?:photo|pic|picture|video|footage|story)\b"
DID_NOT_HAPPEN = r"\b(?:did ?n[o']?t|never|has ?n[o']?t|have ?n[o']?t) happen(?:ed)?\b|\bdebunk|\bdenie[sd]\b"
THERE_IS_NONE = r"\b(?:there(?:'s| is| are| was| were| has been)|have) no\b|\bno \w+ (?:is|are|has|have|were|was)\b"
NOBODY = r"\b(?:nobody|no one)\b|\bmyths?\b|\bhaving you on\b"
ALL_SAFE = r"\b(?:is|are|all) (?:\w+ )?(?:safe|sound|fine|accounted for|unharmed|open as normal)\b"
IS_NOT = r"\b(?:is|are|was|were|has|have|do|does|did) ?n[o']?t\b|\bnot (?:a|an|the|his|her|in|at|\d+)\b"
LONG_AGO = r"\byears? (?:ago|old)\b|\bmixing (?:it|this|that) up\b|\bignore (?:it|this|that)\b"
CONFIRMS = r"\b(?:can|i) confirm\b|\bconfirmed\b(?!\s*\?)|\bit'?s true\b"
SAW_IT = r"\b(?:just|i) (?:saw|seen|heard|watched)\b|\bcan (?:see|hear)\b|\bwitness"
BREAKING = r"\bbreaking\b|\bpolice (?:say|confirm)|\baccording to\b|\breports? (?:say|that|of)\b"
EXCLAIMS = r"!"

# -- stance: until retrained --

_OPENING = r"^(?:@\w+\W+)*"
# Searched in the lower-cased text without links. The names are columns of what the stance model reads, in this order.
STANCE_CUES: Mapping[str, re.Pattern[str]] = {
    name: re.compile(pattern)
    for name, pattern in (
        ("asks whether true", ASKS_WHETHER_TRUE),
        ("asks for a source", ASKS_FOR_A_SOURCE),
        ("asks to confirm", ASKS_TO_CONFIRM),
        ("asks in a word", ASKS_IN_A_WORD),
        ("asks who knows", ASKS_WHO_KNOWS),
        (
            "opens with a question",
            _OPENING + r"(?:who|what|where|when|why|how|did|does|is|are|was|has|have)\b[^.!]*\?",
        ),
        (
            "opens as a question",
            _OPENING + r"(?:who|what|where|when|why|how|which|whose|did|does|do|is|are|was|were|has|have|any|so|can"
            r"|could|would|should)\b",
        ),
        ("hoax", HOAX),
        ("not true", NOT_TRUE),
        (
            "fake",
            r"\b(?:fake|false|bullshit|bollocks|rubbish|nonsense|lies?|lied|liars?|lying|made.?up|bogus|propaganda"
            r"|conspiracy|satire|clickbait)\b",
        ),
        ("no evidence", NO_EVIDENCE),
        ("stop spreading", STOP_SPREADING),
        ("old picture", OLD_PICTURE),
        ("did not happen", DID_NOT_HAPPEN),
        ("there is none", THERE_IS_NONE),
        ("opens with no", _OPENING + r"(?:no|nope|nah|wrong|false|but|actually|not|bullshit|um|uh|well)\b"),
        ("nobody", NOBODY),
        ("all safe", ALL_SAFE),
        ("is not", IS_NOT),
        ("long ago", LONG_AGO),
        ("wrong", r"\b(?:wrong|incorrect|inaccurate|rumou?rs?|mistaken|misleading)\b"),
        (
            "negates",
            r"\b(?:no|not|never|none|nothing|nobody|neither|nor|without|cannot|can'?t|won'?t|\w+n'?t)\b",
        ),
        ("confirms", CONFIRMS),
        ("saw it", SAW_IT),
        (
            "opens with yes",
            _OPENING + r"(?:yes|yep|yeah|yup|true|exactly|correct|indeed|agreed?|right|this|well said|absolutely"
            r"|of course)\b",
        ),
        ("breaking", BREAKING),
        (
            "reports",
            r"\b(?:said|says|saying|told|reports?|reported|reporting|according|via|breaking|updates?|news|live|police"
            r"|officials?|spokes\w+|confirm\w*|statement)\b",
        ),
        (
            "hedges",
            r"\b(?:maybe|perhaps|may|might|could|possibly|allegedly|apparently|unconfirmed|seems?|claims?|claimed"
            r"|supposedly|suspected|reportedly|likely|probably|if)\b",
        ),
        (
            "doubts",
            r"\b(?:doubt\w*|unlikely|skeptic\w*|sceptic\w*|suspicious|believe|proof|evidence|source|verify|verified"
            r"|facts?|truth)\b",
        ),
        ("contrasts", r"\b(?:but|actually|however|although|though|instead|rather|in fact|really)\b"),
        (
            "swears",
            r"\b(?:fuck\w*|shit\w*|damn|hell|ass|asshole\w*|bitch\w*|crap|idiots?|stupid|moron\w*|dumb\w*|wtf|stfu|bs)\b",
        ),
        ("laughs", r"\b(?:lol|lmao|rofl|haha\w*|hehe)\b|[:;]-?\)|😂"),
        (
            "mourns",
            r"\b(?:rip|pray\w*|condolences|thoughts|heart|sad|tragic|terrible|horrible|awful|shocking|omg|god)\b",
        ),
        ("thanks", r"\b(?:thanks?|thank you|thx|please|pls)\b"),
        ("wishes", r"\b(?:hope|wish|should|must|need|let's|stay safe|love|hate)\b"),
        ("of oneself", r"\b(?:i|i'm|im|my|me|we|our)\b"),
        ("to another", r"\b(?:you|your|you're|u|ur)\b"),
        ("shows", r"\b(?:photo|pic|picture|video|image|footage|watch|see|look|here)\b"),
        ("numbers", r"\d+"),
        ("quotes", r'["“”]|\brt\b|\bmt\b|^>'),
        ("trails off", r"\.\.\.|…"),
        ("question marks", QUESTION_MARK),
        ("exclaims", EXCLAIMS),
        ("hashtags", r"#"),
        ("handles", r"@\w+"),
    )
}

# -- likelihood: until retrained --

# Searched in the text without links and handles. Each name is a feature of the claims and one of the answers.
LIKELIHOOD_CUES: Mapping[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in (
        ("asks", QUESTION_MARK),
        (
            "asks_for_proof",
            rf"{ASKS_WHETHER_TRUE}|{ASKS_FOR_A_SOURCE}|{ASKS_TO_CONFIRM}|{ASKS_IN_A_WORD}"
            r"|\bhow do (?:you|we|they) know\b|\bwhere did you (?:hear|get|see)\b",
        ),
        (
            "doubts",
            r"\b(?:hoax|debunked|untrue|fake|false|bullshit|rubbish|nonsense|lies?|liar|lying|made up|not true"
            r"|isn'?t true|wrong|incorrect|rumou?rs?|no evidence|misinformation|didn'?t happen|photoshopped)\b",
        ),
        (
            "hedges",
            r"\b(?:apparently|allegedly|supposedly|reportedly|unconfirmed|reports?|hearing|heard (?:that|from)"
            r"|believed|may have|might have|possibly|appears?|seems?|likely|sources?|witness(?:es)?|claims?"
            r"|they'?re saying|people (?:are )?say(?:ing)?|someone said|my mate|a friend|not sure if)\b",
        ),
        (
            "cites",
            r"\b(?:police|officials?|authorities|according to|says?|said|tells?|told|confirm(?:s|ed)?|statement"
            r"|spokes\w+|via)\b",
        ),
        ("breaks", r"\b(?:breaking|just in|update|developing|live)\b"),
        (
            "feels",
            r"\b(?:pray(?:ers|ing)?|thoughts|rip|sad|heartbroken|tragic|solidarity|condolences|love|thank(?:s| you)"
            r"|proud|we are|shame|please|stay safe)\b",
        ),
        ("counts", r"\d"),
        ("quotes", r"[\"“”]"),
        ("shouts", EXCLAIMS),
    )
}

# -- titles --

# A text that asks about a claim or denies it. It decides which post names a rumour.
ASKS_OR_DENIES = re.compile(
    r"\?|\b(?:is|are|was|were|has|have|had|do|does|did|can|could|will|would)(?: no|n['’]?t| not| never)\b"
    r"|\b(?:it|that|there|he|she|they)['’]?s not\b|\bnot (?:true|the|a|an|one|real|happening)\b|\bnothing\b"
    r"|\b(?:nobody|no[ -]one|none of|no sign|no such|no truth)\b|(?:^|[.!,:;] *)(?:no|nope|wrong)\b"
    r"|\b(?:hoax|debunked|untrue|fake|false|rubbish|nonsense|lies|lying|made up|no evidence|myth|photoshop\w*)\b"
    r"|\b(?:rumou?rs?|misinformation|aware of (?:posts|reports)|(?:do not|don['’]t) share|stop \w+ing)\b"
    r"|\b(?:(?:is|are|all|it['’]?s|water['’]?s) (?:safe|fine|ok|okay)|safe to|as (?:usual|normal|ever))\b"
    r"|\b(?:never (?:happened|said|was)|den(?:y|ies|ied)|can (?:somebody|someone|anyone)|is it true|yes or no"
    r"|any ?(?:one|body) (?:know|else)|actually an? )\b"
    r"|^(?:@\w+ *)*(?:is|are|was|were|does|do|did|has|have|can|could|who|what|where|why|how|any)\b",
    re.IGNORECASE,
)

# -- the baseline of stance: never changed --

BASELINE_OPENS_ASKING = r"^(?:@\w+\s+)*(?:who|what|where|when|why|how|did|does|is|are|was|has|have)\b[^.!]*\?"
BASELINE_FAKE = r"\b(?:fake|false|bullshit|bollocks|rubbish|nonsense|lies|lie|liar|lying|made.?up)\b"
BASELINE_OPENS_DENYING = rf"^(?:@\w+\s+)*(?:no|nope|nah)\b|{NOBODY}"
BASELINE_WRONG = r"\b(?:wrong|incorrect|inaccurate|rumou?rs?)\b"
BASELINE_OPENS_AGREEING = r"^(?:@\w+\s+)*(?:yes|yep|yeah|true|exactly|correct)\b"
