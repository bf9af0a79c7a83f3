"""What people say about being listed: in the names of columns that ask whether a name may be shown, or is to
be hidden, and in their answers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from campaign.core.yes_and_no import NO, YES, says_yes

_WORDS = re.compile(r"\w+")
_BARE = re.compile(r"['’ʼ`\-]")
CONSENT = re.compile(
    r"agree|consent|permission|соглас|згод|zgod|zgadzam|einverstanden|einwillig|zustimm|d.accord|acepto"
    r"|consiento|autori[sz]"
    r"|publish|publication|publicly|made public|be public|be shown|опубл|публикац|публикова|апублік|публікац"
    r"|публікува|оприлюдн|обнарод|publikow|publikacj|upubliczn|veröffentlich|publier|publicar|publicaci"
    r"|pubblicare|pubblicazione|publié"
    r"|\bshow\b|\bshown\b|visib|sichtbar|display|\bbe listed|\blist (?:me|my)|\bsign(?:ing)? as\b"
    r"|disclos|reveal|\bmention|use (?:my|your) name|\bpublic\b\W*$|публичн(?:о|ая подпись)\b|публічн[оа]\b"
    r"|публічна\b|publicznie|jawn(?:ie|e)\b|öffentlich\b|genannt|разреш|дазвол|дозвіл|дозволя|erlaub|zezw[ao]l"
    r"|pozw[ao]l|открыт\w+ подпись|адкрыты подпіс|mostra\b|apparaiss|aparezca|comparire|compaia"
    r"|показ|паказ|pokaz|видим|видн|бачн|widoczn|ujawn|wyświetl|указ(?:ать|ывать|аць|ваць)|вказ(?:ати|увати)"
    r"|(?<!\w)zeigen|anzeigen\b|nennen\b|erscheinen|affich|montrer|appara[iî]t|mostrar|aparecer|apparire"
)
ANONYMOUS = re.compile(
    r"anonym|анонім|аноним|ананім|anónim|anonim|\bhid(?:e|den)\b|\bprivat(?:e|ely)?\b(?! (?:person|indiv))"
    r"|confidential|\bsecret|конфид|канфідэ|конфід|poufn|vertraulich|confident|confidenc|riservat|incognito"
    r"|скры(?!т \w)|скрыт|закрыт\w+ подпис|\bтайн|неизвестн|невядом|невідом|zastrzeg|off the record"
    r"|схава|хаваць|прихов|ukry|verberg|versteck|ausblend|cacher|masquer|ocult|nascond"
)
# What turns an agreement into a refusal.
_NEGATION = re.compile(
    r"\bnot\b|\bdon['’]?t\b|\bcan['’]?t\b|\bwon['’]?t\b|\bno\b|\bnever\b|\bwithout\b|\bagainst\b"
    r"|\bwithh[oe]ld|\bwithdr[ae]w|\brefus|\bdeclin|\bobject(?:s|ed|ion)?\b|\bopt(?:ed)?[ -]?out"
    r"|\bdis(?=agree|approv)"
    r"|\bun(?=list|publish|willing|subscri)"
    r"|\bnicht\b|\bkein|\bohne\b|\bgegen\b|widersp|verweiger|ablehn|abbestell|untersag"
    r"|\bne\b|\bn['’]|\bpas\b|\bsans\b|\bnon\b|\bsin\b|\bsenza\b|rechaz|rifiut|s['’]oppos|désabonn"
    r"|\bне(?:\b|(?=соглас|публи|згод|хоч|жел|хаце))|\bня(?:\b|(?=згод|хач|хоч|публ))|\bні\b|\bнет\b|\bбез\b"
    r"|\bпротив\b|\bсупраць\b|\bпроти\b|отказ|адмаўл|адмов|відмов|возраж|пярэч|запере?ч|запре[щт]|забарон"
    r"|заборон|отпис|адпіс|відпис|нельзя|нельга"
    r"|\bbrak\b|\bnie(?:\b|(?=zgod))|\bbez\b|przeciw|odmaw|odmow|sprzeciw|wypis"
)
# "Yes/no" and "or not" beside a question, and "I do not mind": none of them refuses.
_NO_NEGATION = re.compile(
    r"\b(?:yes|да|так|tak|ja|oui|s[iíì])\s*(?:[/|,;-]|or|или|або|ці|чи|lub|oder|ou|o)\s*"
    r"(?:no|нет|не|ні|nie|nein|non)\b"
    r"|\b(?:or|или|або|ці|чи|czy|oder|ou|o) (?:not|нет|не|ні|nie|nicht|non|no)\b"
    r"|(?:do not|don['’]?t|no) (?:mind|object(?:ion)?s?)(?: to)?|не (?:возража\w+|против)(?: против)?"
    r"|не (?:пярэч\w+|супраць|запереч\w+|проти)(?: (?:супраць|проти))?|nie mam nic przeciwko|nichts dagegen"
    r"|\bnot only\b|не только|ne vois pas d['’]inconvénient|why not"
)
_NEWS = re.compile(
    r"updates?\b|\bnews|subscri|новост|новаст|рассыл|розсил|подпис(?:к|ать)|навін|падпіск|новин|підписк"
    r"|nowości|aktualności|newsletter|neuigkeit|nachricht|nouvelles|abonn|noticias|boletín|notizie|abbestell"
    r"|отпис|адпіс|відпис|wypis|e-?mails?\b|письм|ліст[ыо]|лист[иі]|\bmail"
)
_OF_OTHER_DATA = re.compile(
    r"e-?mail|\bmail|phone|тэл|телеф|telef|city|\btown|город|горад|місто|miast|stadt|address|адрас|адрес"
    r"|почт|пошт|poczt|adres|photo|фото|comment|комм?ент|каммент"
)
_OF_SOMEBODY = re.compile(
    r"(?<!user)name|имен|имя|імя|ім[’'ʼ]я|імен|імём|imi[eęo]|nazwisk|\bnom\b|nombre|nome|фамил|прозьвішч|прозвішч"
    r"|прізвищ|signature|подпис[ьи]|подпіс|підпис\b"
)
# What answers a question about being listed, besides a yes or a no.
_ANSWERS = re.compile(
    r"initial|инициал|ініцыял|ініціал|inicja|iniziali|\bonly\b|только|толькі|тільки|\bnur\b|tylko|seulement"
    r"|\bpublic\b|full name|unlisted|\blater\b|\bask\b|please"
)
_AGREED = re.compile(
    r"\bok(?:ay)?\b|\bsure\b|of course|\bpublic\b|конечно|можно|можна|вядома|канешне|звичайно|oczywi"
    r"|можете|\bgern|natürlich|bien sûr|claro|certo|\blisted\b|\bgranted\b|\bgiven\b|\bchecked\b"
    r"|\baccept|публичн|публічн|öffentlich|jawn"
)
_PARTLY = re.compile(
    r"initial|инициал|ініцыял|ініціал|inicja|iniziali|\bbut\b|\bно\b|\bале\b|\bale\b|\baber\b|\?"
)
# Columns of who has signed or will, and of who has not: whatever their cells say, it is about this list.
_STATES = re.compile(
    r"(?:(?:has |have |will |already )?sign(?:ed)?|confirm(?:ed|ation|s)?|approved|approval|agreed|joins?"
    r"|status|response|reply|answer|decision|статус|ответ|решение|адказ|рашэнне|відповідь|рішення|odpowiedź"
    r"|decyzja|antwort|réponse|respuesta|risposta|joining"
    r"|подписал\w*|подтвержд\w*|согласова\w*|падпісал\w*|пацверд\w*|підписал\w*|підтвердж\w*"
    r"|potwierdz\w*|podpisa[łn]\w*|bestätigt|unterschrieben|unterzeichnet|zugesagt|confirm[ée]|signé"
    r"|confirmado|firmado|firmato|confermato)\W*"
)
_GONE = re.compile(
    r"(?:withdrawn|withdrew|withdrawal|declined|removed|retracted|revoked|cancell?ed|отозва\w*|отказ\w*"
    r"|адклікан\w*|адмов\w*|відкликан\w*|відмов\w*|wycofan\w*|odmow\w*|zurückgezogen|abgelehnt|retir[ée]"
    r"|retirado|ritirato)\W*"
)
_STATE_YES = re.compile(
    r"(?:confirmed|signed|approved|agreed|accepted|joined|joins|done|verified|подписал\w*|подтвержд\w*"
    r"|согласова\w*|падпісал\w*|пацвердж\w*|підписал\w*|підтвердж\w*|potwierdz\w*|podpisa[łn]\w*"
    r"|bestätigt|zugesagt|signé|confirm[ée]|firmado|firmato)"
)
_STATE_NO = re.compile(
    r"(?:declin|withdr[ae]w|reject|refus|not (?:yet|signed|confirmed|joining|approved)|won['’]?t sign|отказ"
    r"|отклон|отозва|не подпис|не подтвержд|адмов|адмаў|адхіл|не падпіс|відмов|відхил|не підпис|odmow|odmaw"
    r"|odrzuc|wycof|nie podpis|abgelehnt|zurückgez|refusé|rechaz|rifiut)"
)
_STATE_OPEN = re.compile(
    r"(?:pending|waiting|awaiting|maybe|perhaps|no (?:answer|reply|response)|to be confirmed|tbc|invited"
    r"|draft|unclear|undecided|unconfirmed|sent|ждём|ждем|ожида|в ожидании|не ответ|думает|уточн|приглаш|чака"
    r"|не адказ|удакладн|запрош|очіку|чекає|не відпов|oczek|czeka|brak odpowiedzi|zaprosz|offen|ausstehend"
    r"|wartet|en attente|pendiente|in attesa)"
)
# What somebody wrote beside a name, in a column of remarks or behind the name itself.
_NOT_LISTED = re.compile(
    r"(?!not (?:disclosed|mentioned|named|included)$)"
    r"\b(?:not|don['’]?t|never)\s+(?:to\s+)?(?:be\s+)?(?:\w+\s+)?(?:publish|list|show|display|disclos"
    r"|reveal|mention|nam(?:e|ed)\b|print|includ|appear|make\s+public|made\s+public|public\b|post(?:ed)?\b)"
    r"|\b(?:н[ея]|ні)\s+(?:\w+\s+)?(?:публи[кц]|публі[кц]|опубл|апубл|[уў]каз(?!ан)|вказ(?!ан)|назыв|называ|назива|показ|паказ"
    r"|размещ|размяш|змяшч|розміщ|включ|уключ|разглаш|розголош|выстаўл|светит|оприлюд|обнарод)"
    r"|\bnie\s+(?:\w+\s+)?(?:publik|opublik|ujawni|podawa|pokazyw|wymieni|umieszcz|upubliczn)"
    r"|\bnicht\s+(?:\w+\s+)?(?:veröffentlich|öffentlich|nennen|zeigen|anzeigen|auflist|aufführ)"
    r"|\bne\s+pas\s+(?:publier|afficher|montrer|divulguer)|\bno\s+(?:publicar|mostrar|divulgar)"
    r"|\bnon\s+(?:pubblicare|mostrare|divulgare)"
)
_UNNAMED = re.compile(
    r"\banonymous|\banonymity|\banonym\b|аноним|ананім|анонім|\banonim|\banónim|\bincognito\b|инкогнито|інкогніта"
    r"|\binitials? only|\bonly (?:the |my |with )?initials|только инициал|толькі ініцыял|тільки ініціал"
    r"|tylko inicja|\bnur initialen"
    r"|^(?:please )?(?:keep |stay |remain )?(?:\w+ )?(?:strictly )?(?:private|privately|confidential|secret)$"
    r"|^(?:строго )?(?:конфиденциально|канфідэнцыйна|конфіденційно)$|^(?:ściśle )?poufne$"
    r"|^(?:streng )?vertraulich$"
)
_WITHDREW = re.compile(
    r"\b(?:withdrew|withdrawn|withdraws|retracted)\b|\bremoved?\b|\btake (?:me |him |her |them )?off\b"
    r"|отозва|снял\w* подпись|отказал|адкліка|зня(?:ў|ла) подпіс|адмові[ўл]"
    r"|відклика|зня[вл]\w* підпис|відмови[вл]"
    r"|wycofa|zrezygnowa|zurückgezogen|retiré sa|retiró su|ha ritirato"
)
_LONGEST_REMARK = 6
_BEHIND_NAME = re.compile(r"[()\[\]{}|;,]+|\s+[–—-]+\s+|\*+")
_CLAUSES = re.compile(r"[.;!?()\[\]]+")


def is_negated(said: str) -> bool:
    return bool(_NEGATION.search(_NO_NEGATION.sub(" ", said)))


def about_listing(said: str) -> str:
    """A question without its remarks on something else: "(your address will not be published)"."""
    parts = [part for part in _CLAUSES.split(said) if part.strip()]
    about = [part for part in parts if CONSENT.search(part) or ANONYMOUS.search(part)]
    plain = [part for part in about if not is_of_other_data(part)]
    return " ".join(plain) if plain and len(plain) < len(about) else said


def is_of_other_data(said: str) -> bool:
    """True for "No newsletter" and "Hide my e-mail address": refusals of something else than a name."""
    if _OF_SOMEBODY.search(said):
        return False
    if is_negated(said) and _NEWS.search(said):
        return True
    is_about_showing = is_negated(said) or ANONYMOUS.search(said)
    return bool(is_about_showing and _OF_OTHER_DATA.search(said))


def means_no(cell: str) -> bool:
    """True for a clear no, also one with more words, such as "No, I don't agree"."""
    words = _WORDS.findall(_BARE.sub("", cell.casefold()))
    return bool(words) and (words[0] in NO or words[0] == "dont" or words[:2] == ["do", "not"])


def _says_listed(said: str) -> bool | None:
    hides, agrees = bool(ANONYMOUS.search(said)), bool(CONSENT.search(said) or _AGREED.search(said))
    return hides == is_negated(said) if hides or agrees else None


def says_listed(cell: str, *, asks_to_hide: bool = False) -> bool | None:
    """Whether somebody agrees to be listed, in a column that asks for it, or `asks_to_hide`; None where both
    can be meant.
    """
    said = cell.casefold().strip(" .!*")
    words = said.split()
    first = words[0].strip(",.!;:–—-") if words else ""
    answer = None
    if says_yes(said) or first in YES:
        answer = not asks_to_hide
    elif means_no(said) and first in NO:
        answer = asks_to_hide
    is_joined = bool(words) and words[0] == first and first in NO
    rest = said[len(words[0]) :] if answer is not None and not is_joined else said
    more = _says_listed(rest)
    if is_joined and more is False:
        # "Не публиковать" says no, whatever it answers.
        return False
    if _PARTLY.search(rest) or (answer is not None and more is not None and answer != more):
        # "Yes, but only my initials".
        return more if more is False else None
    if answer is not None:
        return answer
    if more is None and (state := _state_of(said)) is not None:
        return (None if state else False) if asks_to_hide else state
    return more if more is not None else (asks_to_hide if means_no(said) else None)


def _state_of(said: str) -> bool | None:
    if _STATE_NO.match(said):
        return False
    return True if _STATE_YES.fullmatch(said) else None


def is_of_states(header: str, cells: Sequence[str]) -> bool:
    """True for a column that says of each row whether they have signed: "Confirmed", "Status", "Will sign?",
    where most of its cells are such answers.
    """
    said = [cell.casefold().strip(" .!*") for cell in cells]
    is_about_it = _STATES.fullmatch(header.casefold().strip())
    return bool(is_about_it) and bool(said) and sum(map(_is_state, said)) * 2 > len(said)


def is_of_withdrawals(header: str) -> bool:
    """True for a column such as "Withdrawn", with a tick, a yes or a day in the rows that are no more."""
    return bool(_GONE.fullmatch(header.casefold().strip()))


def _is_state(said: str) -> bool:
    is_said = says_yes(said) or means_no(said) or _state_of(said) is not None
    return is_said or bool(_STATE_OPEN.match(said)) or says_listed(said) is not None


def is_answer(cell: str) -> bool:
    """True for what people answer to a question about being listed, be it clear or not."""
    return says_listed(cell) is not None or means_no(cell) or bool(_ANSWERS.search(cell.casefold()))


def says_nothing(cell: str) -> bool:
    """True for an empty cell, also with a dash."""
    return not cell.strip(" \t\u00a0-–—_.?…")


def asks_not_to_be_listed(remark: str) -> bool:
    """True for a remark beside a name such as "do not publish", "wants to stay anonymous", "withdrew"; not
    for one on something else, such as an address, nor for a long comment that only has such a word in it.
    """
    said = " ".join(remark.casefold().split()).strip(" .!?*")
    if not said or is_of_other_data(said):
        return False
    is_short = len(said.split()) <= _LONGEST_REMARK
    found = _NOT_LISTED.search(said)
    if found and (is_short or not found.start() or _OF_SOMEBODY.search(said)):
        return True
    if not is_short:
        return False
    return bool(_WITHDREW.search(said)) or (bool(_UNNAMED.search(said)) and not is_negated(said))


def is_named_with_refusal(name: str) -> bool:
    """True for a name with such a remark behind it: "Jan Lis (anonymous)"."""
    return any(asks_not_to_be_listed(part) for part in _BEHIND_NAME.split(name)[1:])
