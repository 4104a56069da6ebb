"""The commonest small words of languages -> which languages the words of a text speak for.

A text of some sentences holds a quarter to a half of such words in its own language, and few of any other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from types import MappingProxyType

WORDS = {
    "en": "the of and to in a that is was for it with as on be by at from his her he she they this have had not "
    "are but which an were has their been who will would its or more said we you about after than when",
    "de": "der die das und in den von zu mit sich des auf für ist im dem nicht ein eine als auch es an werden "
    "aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur "
    "oder aber vor zur bis",
    "fr": "le la les de des et en un une du que qui dans est pour il au sur par pas plus ce se avec sont ne "
    "elle son sa ses aux été cette mais ou ont être nous leur leurs entre dont",
    "es": "de la que el en y a los se del las un por con una su para es al lo como más pero sus le ha fue este "
    "son entre está cuando muy sin sobre también hasta desde han ser esta",
    "it": "di che e la il un a per in una è con non del da sono le si i dei al come della nel alla anche più ha "
    "lo gli ma dal delle nella su stato essere questo degli dell",
    "pt": "de a o que e do da em um para com não uma os no se na por mais as dos como mas foi ao ele das tem "
    "seu sua ou ser quando muito nos já está também pelo pela até isso são",
    "ca": "de la i el a en que els les per amb del un una es al no és com ha més dels seva aquest també però "
    "aquesta fins són va han ser sobre entre",
    "nl": "de van het een en in is dat op te zijn met voor niet die aan er om ook als dan maar bij uit nog naar "
    "wordt door hij ze heeft over werd kan worden deze geen tot meer ik wat hebben",
    "af": "die van en in is het dat 'n te vir met op nie wat sy aan was om hy as by deur sal hulle maar ook kan "
    "uit ons word ek na so wees",
    "da": "og i at det er en til på som af for med den de har ikke et der var han fra men om ved sig efter vil "
    "kan blev også mere når skal over hvor man være havde eller mod jeg vi",
    "no": "og i å det er en til på som av for med den de har ikke et at var han fra men om ved seg etter vil "
    "kan ble også mer når skal over hvor man være hadde eller mot jeg vi ha bli dette",
    "nn": "og i å det er ein til på som av for med den dei har ikkje eit at var han frå men om ved seg etter "
    "vil kan vart også meir når skal over der vere hadde eller mot eg vi ho ei berre noko",
    "sv": "och i att det är en på som av för med den till de har inte ett om han men var från vid så sig kan "
    "efter vi också ska mot när eller hade där över mer jag nu blir under man",
    "fi": "ja on ei että se oli hän mutta myös kun ovat kuin tai joka jos niin vain mukaan jo sen ole nyt jotka "
    "olisi sekä hänen mitä vielä",
    "is": "og í að á sem er við um það til en með ekki af hann var fyrir ég frá því eru hafa hefur þá þess hún "
    "svo eða",
    "pl": "w i na z się nie do to że jest o od po jak za przez dla co jego są być ale tym oraz był ze która "
    "który może już czy także tego",
    "cs": "a se v na je že s z do o to i ve k za pro by po od jsou jeho který jako podle ale si které byl také "
    "není už být však bude jen tak",
    "sk": "a sa v na je že s z do o to aj vo k za pre by po od sú jeho ktorý ako podľa ale si ktoré bol tiež "
    "nie už byť však bude len tak",
    "sl": "in je v na se za da so z s pa ki tudi po bi ne od do kot bo pri ali še iz že bil kar več",
    "hr": "i je u na se da za su od s a o će kako koji to iz nije kao ne bi bio po koje do što sa ili te biti "
    "već također",
    "hu": "a az és hogy nem is egy volt meg ez de már azt csak mint el van ki még szerint lesz aki kell ha után "
    "amely",
    "ro": "de și în a la cu pe că din o nu un care este au pentru mai s-a prin fi dar după să sunt al lui se "
    "ale sau fost",
    "sq": "të e në dhe për një me që nga i se është ka nuk do më u ky janë si kjo por pas tij",
    "tr": "ve bir bu için de da ile olarak çok daha gibi sonra olan en ne olduğu ise kadar her var dedi ya "
    "ancak göre yeni bin iki ki değil",
    "az": "və bir bu üçün ilə də da ki olan edib görə daha isə ən olaraq deyib sonra onun edir var",
    "id": "yang dan di untuk dengan ini dari dalam itu pada tidak akan juga ke karena ada bisa oleh saat "
    "sebagai telah kata lebih atau tersebut mereka sudah tahun para saya adalah kita",
    "ms": "yang dan di untuk dengan ini dari dalam itu pada tidak akan juga ke kerana ada boleh oleh sebagai "
    "telah kata lebih atau beliau mereka sudah tahun saya adalah kita bagi iaitu katanya",
    "sw": "ya na wa kwa ni katika la za kuwa cha huyo hiyo alisema watu wake hilo baada kama kwamba hayo yake "
    "vya wakati pia hii huo",
    "vi": "của và là có cho không trong được với một các người này những để từ đã khi đến về ông như nhiều tại",
    "ru": "и в не на что с он по как это из но к за его от у же для о так все было бы или до они мы также "
    "который после",
    "uk": "і в не на що з та до у за як про це від є його але для він по було які також або під після щодо й",
    "bg": "на и да в за се от че с не по са е като това ще до към който той си са беше при или след но",
    "sr": "и је у на се да за су од са а о ће како који то из није као не би био по које до што или",
    "el": "και το να του η της με για που την στο τη είναι από οι στην τα δεν σε ότι θα τους των αυτό στη έχει "
    "τις ένα",
    "he": "של את על לא הוא עם כי גם זה או אל היא יותר כל אך בין אם היה לאחר רק היום",
    "ar": "في من على إلى أن التي عن مع الذي هذا بعد هذه ما لا بين كما قد لم كان أو وقال خلال إن ذلك حيث كل قال "
    "منذ بن",
    "fa": "و در به از که را این است با برای آن می شد بر تا یک شده کرد خود هم نیز ها های باید اما وی شود کند",
    "ur": "کے کی میں ہے اور سے کو کا نے پر ہیں کہ یہ اس نہیں بھی جو ان گیا لیے ایک کر تھا تو",
    "hi": "के की में है और से को का ने पर हैं कि यह इस नहीं भी जो गया लिए एक कर था तो साथ ही",
}  # fmt: skip
"""Languages by their subtag; the written Norwegians apart."""


OWN_WORDS = MappingProxyType({language: frozenset(words.split()) for language, words in WORDS.items()})


def languages_by_word() -> dict[str, tuple[str, ...]]:
    """The languages that each word is one of."""
    found: dict[str, tuple[str, ...]] = {}
    for language, words in WORDS.items():
        for word in dict.fromkeys(words.split()):
            found[word] = (*found.get(word, ()), language)
    return found


BY_WORD = MappingProxyType(languages_by_word())


def count_languages(words: Iterable[str]) -> Counter[str]:
    """For how many of the words each language speaks; words in small letters."""
    counts: Counter[str] = Counter()
    for word in words:
        for language in BY_WORD.get(word, ()):
            counts[language] += 1
    return counts
