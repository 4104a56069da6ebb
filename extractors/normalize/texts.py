"""Lines as a page has them -> lines that are text: Unicode in NFC, white space folded, known debris left out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from string import ascii_lowercase, ascii_uppercase

# Marks without a glyph that make equal words differ. The joiners U+200C and U+200D stay: Persian and Indic
# spelling and emoji need them.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffc]"
)
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")

# How letters look beside their neighbors (U+FB50-FDFF, U+FE70-FEFC), which pages made from PDF files hold in place of
# the letters. Words and phrases that are one sign, such as U+FDFA, and ornate brackets stay as they were written.
PRESENTATION_FORMS = re.compile("[\ufb50-\ufd3d\ufd50-\ufdf1\ufdf3-\ufdf9\ufe70-\ufefc]+")
# U+0640 stretches a word to fill its line. At a word's end it can be writing ("1445 \u0647\u0640"), alone a dash.
LETTERS = "\u0621-\u063f\u0641-\u0652\u066e-\u06d3"
TATWEEL = re.compile(f"(?<=[{LETTERS}])\u0640+(?=[{LETTERS}])")

UNUSUAL = re.compile(
    f"[{''.join(each.pattern.strip('[]+') for each in (INVISIBLE, CONTROLS, PRESENTATION_FORMS))}\u0640]"
)
"""What some step of cleaning takes out or changes; most lines hold none of it, which one look shows."""

COOKIE_LINE = re.compile(
    r"^(?:we use cookies|this (?:web)?site uses cookies|by continuing to (?:use|browse)|"
    r"(?:we|our partners) and our|نستخدم ملفات|يستخدم هذا الموقع|هذا الموقع يستخدم|نحن نستخدم ملفات|"
    r"nous utilisons des cookies|ce site utilise des cookies|diese (?:web)?seite verwendet cookies|"
    r"utilizamos cookies|este sitio utiliza cookies)\b.{0,400}$",
    re.IGNORECASE,
)
COOKIE_WORD = re.compile(r"cookie|ملفات تعريف الارتباط|الكوكيز|كوكيز", re.IGNORECASE)
VIEWS_LINE = re.compile(
    r"^(?:(?:post )?views?|reads?|hits|مشاهدات|المشاهدات|عدد المشاهدات|قراءات|"
    r"عدد القراءات)\s*[:：]?\s*[\d٠-٩.,]+\s*[kKmM]?$|"
    r"^[\d٠-٩.,]+\s*(?:views?|reads|مشاهدة|مشاهدات|قراءة)$",
    re.IGNORECASE,
)
PROMOTION_LINE = re.compile(
    r"^[\[(>«*•\-–—\s]*(?:sign up (?:for|to)\b|subscribe (?:to|for|now|today)\b|click here (?:to|for)\b|"
    r"get (?:the latest|access to|our)\b|"
    r"get .{2,40}(?:newsletter|on the go|in your inbox)|download (?:the|our) .{0,40}\bapp\b|join our\b|"
    r"follow (?:us|@\w+|.{2,60} on "
    r"(?:facebook|twitter|x|instagram|google news|whatsapp|telegram))\b|like us on\b|for more (?:news|"
    r"stories)\b.{0,80}(?:visit|click|follow|see)|"
    r"never miss\b|support (?:our|independent) journalism|melden sie sich .{0,60}newsletter|abonnieren sie\b|"
    r"inscrivez-vous\b|"
    r"abonnez-vous\b|suscríbete\b|iscriviti\b|اشتركوا في|اشترك الآن|للاشتراك في|انضموا إلى (?:قناتنا|صفحتنا)|"
    r"حمّ?ل تطبيق|لمتابعة آخر|تابعونا على)",
    re.IGNORECASE,
)
PROMOTION_CHARS = 260
SHARE_LINE = re.compile(
    r"^(?:share(?: (?:this|on|via|article|story)\b.{0,40})?|tweet|print|e-?mail|copy link|save|listen|"
    r"follow us(?: on .{1,40})?|"
    r"شارك(?:ها?|نا|وا)?(?: (?:المقالة?|الخبر|هذا|هذه|مع|عبر|على).{0,40})?|(?:ال)?مشاركة(?: (?:عبر|على) .{1,30})?|"
    r"طباعة|حفظ|نسخ الرابط|استماع|تابع(?:نا|ونا)(?: على .{1,40})?|"
    r"(?:به )?اشتراک‌?[ -]?گذاری|ما را (?:در .{1,30} )?دنبال کنید|کپی لینک|چاپ|"
    r"paylaş(?:ın)?|yazdır|bizi takip edin|takip et|bağlantıyı kopyala|"
    r"partager(?: (?:sur|cet article).{0,30})?|imprimer|suivez-nous(?: sur .{1,40})?|copier le lien|"
    r"(?:artikel |beitrag )?(?:teilen|drucken|merken|vorlesen)|folgen sie uns(?: auf .{1,40})?|"
    r"compartir(?: (?:en|esta noticia).{0,30})?|imprimir|s[íi]guenos(?: en .{1,40})?|copiar enlace|"
    r"condividi|compartilhar|delen|"
    r"advertisement|advertising|sponsored|anzeige|publicité|publicidad|إعلان|اعلان|"
    r"facebook|twitter|whatsapp|telegram|linkedin|pinterest|reddit|فيسبوك|تويتر|واتساب|تلغرام)\s*[:.…]?$",
    re.IGNORECASE,
)
RELATED_LINE = re.compile(
    r"^[\[(>«*•\-–—\s]*(?:read (?:more|also|next|on)|also read|see also|related(?: (?:articles?|stories|topics|"
    r"posts))?|"
    r"more (?:on this|from .{1,40})|recommended(?: (?:for you|stories|reading))?|most (?:read|popular)|"
    r"trending(?: now)?|"
    r"don['’]t miss|you may also like|up next|"
    r"(?:[اإأ]?قر[أا]|طالع|شاهد|انظر|تابع)(?:وا|ي)? (?:[أا]يض(?:ا|اً|ًا)|المزيد|كذلك)|للمزيد|المزيد|"
    r"لقراءة المزيد|قد يهمك(?: [أا]يض(?:ا|اً|ًا))?|"
    r"(?:مواضيع|موضوعات|مقالات|أخبار|مواد)? ?ذات (?:صلة|علاقة)|مواضيع متعلقة|الأكثر (?:قراءة|مشاهدة)|"
    r"(?:همچنین|بیشتر|ادامه را) ?بخوانید|(?:مطالب|اخبار|خبرهای) مرتبط|پربازدیدترین‌?ها|"
    r"(?:à )?lire (?:aussi|également|la suite)|à lire|voir aussi|sur le même sujet|articles? liés?|"
    r"lesen sie auch|weiterlesen|zum (?:artikel|beitrag|video|thema)|(?:mehr|passend) zum thema|mehr themen|"
    r"schon gelesen\??|auch interessant|mehr dazu|"
    r"les også|läs också|læs også|lue myös|czytaj także|"
    r"ilgili haber(?:ler)?|ayrıca okuyun|bunu da oku(?:yun)?|devamını oku|ilginizi çekebilir|çok okunanlar|"
    r"leia (?:também|mais)|le[ea] (?:también|además|más)|te puede interesar|noticias relacionadas|"
    r"leggi anche(?: su)?|lees ook)(?!\w)\s*(?:[:：]|[\])>»]*$)",
    re.IGNORECASE,
)
COPYRIGHT_LINE = re.compile(
    r"^(?:©|\(c\)|&copy;|copyright\b|حقوق النشر).{0,150}$|^.{0,100}\ball rights reserved\W*$|^.{0,100}(?:جميع|"
    r"كافة) الحقوق محفوظة.{0,60}$",
    re.IGNORECASE,
)
EMBED_LINE = re.compile(
    r"^(?:empfohlener redaktioneller inhalt|externer inhalt|externen inhalt (?:anzeigen|laden)|"
    r"(?:an dieser stelle|hier) .{0,40}\bexterne[rn]? inhalt\b.{0,80}|"
    r"(?:view|see) this (?:post|photo|tweet|video) on \w+|watch (?:this video )?on youtube|"
    r"this content is hosted (?:by|on) .{1,80}|(?:allow|load) external content|"
    r"contenu externe|voir cette publication sur \w+|contenido externo|ver esta publicación en \w+|"
    r"bu gönderiyi \w+['’]\w+ gör|عرض هذا المنشور على \w+)\W*$",
    re.IGNORECASE,
)
"""What stands in place of something embedded until the reader lets it load."""

BARE_NUMBER = re.compile(r"^[\d٠-٩][\d٠-٩.,\s]*[kKmM]?$")


def clean_line(text: str) -> str:
    """One line of text without control and invisible characters, in NFC, white space folded, letters as letters."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    if UNUSUAL.search(text):
        visible = INVISIBLE.sub("", CONTROLS.sub(" ", text))
        text = TATWEEL.sub("", PRESENTATION_FORMS.sub(as_letters, visible))
    return " ".join(unicodedata.normalize("NFC", text).split())


def as_letters(forms: re.Match[str]) -> str:
    """Arabic presentation forms as the letters that they present."""
    return "".join(unicodedata.normalize("NFKC", form).strip() for form in forms[0])


def clean_lines(lines: Iterable[str]) -> list[str]:
    """Clean each line and leave out those in which nothing is left."""
    cleaned = (clean_line(line) for line in lines)
    return [line for line in cleaned if any(char.isalnum() for char in line)]


def is_debris(line: str) -> bool:
    """Whether a line belongs to the page's machinery: a cookie notice, a view count, a share or related link.

    Only lines that are this as a whole; a sentence of the article that mentions cookies or says "read more" stays.
    """
    if COOKIE_LINE.match(line) and COOKIE_WORD.search(line):
        return True
    if len(line) <= PROMOTION_CHARS and PROMOTION_LINE.match(line):
        return True
    return len(line) <= 160 and any(
        pattern.match(line) for pattern in (VIEWS_LINE, SHARE_LINE, RELATED_LINE, COPYRIGHT_LINE, EMBED_LINE)
    )


def without_debris(lines: Sequence[str], drop_lines: Sequence[re.Pattern[str]] = ()) -> list[str]:
    """Leave out the page's machinery and what the outlet's own patterns name."""
    return [line for line in lines if not is_debris(line) and not any(p.search(line) for p in drop_lines)]


def without_edge_numbers(lines: Sequence[str]) -> list[str]:
    """Leave out bare numbers above and below a text, where view counts and page numbers stand.

    Inside the text a bare number can be a figure of the article.
    """
    kept = list(lines)
    while kept and BARE_NUMBER.match(kept[0]):
        kept.pop(0)
    while kept and BARE_NUMBER.match(kept[-1]):
        kept.pop()
    return kept


LETTERS_AND_DIGITS = re.compile(r"[^\W_\u0640]+")
ASCII_LOWERED = bytes.maketrans(ascii_uppercase.encode(), ascii_lowercase.encode())
ASCII_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalnum())
LONGEST_REMEMBERED = 1_000


def squeezed(text: str) -> str:
    """Letters and digits alone, case folded: what two spellings of one line have in common."""
    return squeezed_line(text) if len(text) <= LONGEST_REMEMBERED else freshly_squeezed(text)


def freshly_squeezed(text: str) -> str:
    """See ``squeezed``; what is ASCII goes in one pass over the bytes."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    raw = text.encode("utf-8", "surrogatepass").translate(ASCII_LOWERED, ASCII_NO_LETTERS)
    if raw.isascii():
        return raw.decode()
    return "".join(LETTERS_AND_DIGITS.findall(raw.decode("utf-8", "surrogatepass"))).casefold()


squeezed_line = lru_cache(maxsize=2048)(freshly_squeezed)
"""The same line is compared again and again while a page is read."""
