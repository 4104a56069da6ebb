"""A date as people write it, in the languages of the field -> the day, and the clock where one stands beside it.

Months by name in Western and Eastern European languages, Turkish, Arabic (Egyptian, Levantine and Maghreb names),
Persian; Eastern Arabic digits; days of the Islamic and the Persian calendar are converted. Day and month in numbers
alone are read in the order of the page's language, and not at all where that leaves a doubt.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime

from extractors.normalize.calendars import from_islamic, from_persian
from extractors.records import Precision

MAX_CHARS = 200
"""How much of a text is looked at: a date stands at the beginning of its line, or is none of the page's own."""

DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹−", "01234567890123456789-")
LETTERS = str.maketrans("أإآٱىةكیئ", "ااااي\u0647\u06a9يي")
"""Letters that Arabic and Persian write in two ways; both spellings of a month become one."""

GREGORIAN = (
    "january february march april may june july august september october november december",
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "janv févr mar avr mai juin juil aoû sept oct nov déc",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "jänner feber mär apr mai jun jul aug sept okt nov dez",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "ene feb mar abr may jun jul ago setiembre oct nov dic",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "gen feb mar apr mag giu lug ago set ott nov dic",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "jan fev mar abr mai jun jul ago set out nov dez",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "jan feb mrt april maj juni juli augusti sept okt nov dec",
    "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    "oca şub mar nis may haz tem ağu eyl eki kas ara",
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "ledna února března dubna května června července srpna září října listopadu prosince",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου νοεμβρίου δεκ",
    "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta loka marras joulu",
    "ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר",
    "בינואר בפברואר במרץ באפריל במאי ביוני ביולי באוגוסט בספטמבר באוקטובר בנובמבר בדצמבר",
    "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "يناير فبراير مارس إبريل ماي يونيه يوليوز غشت شتنبر اكتوبر نونبر دجنبر",
    "جانفي فيفري مارس أفريل ماي جوان جويلية أوت سبتمبر أكتوبر نوفمبر ديسمبر",
    "كانون-الثاني شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين-الأول تشرين-الثاني كانون-الأول",
    "ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر",
)
"""Months of the Gregorian calendar, a row for each language or way of shortening."""

ISLAMIC = (
    "محرم صفر ربيع-الأول ربيع-الآخر جمادى-الأولى جمادى-الآخرة رجب شعبان رمضان شوال ذو-القعدة ذو-الحجة",
    "المحرم صفر ربيع-الأول ربيع-الثاني جمادى-الأول جمادى-الثانية رجب شعبان رمضان شوال ذي-القعدة ذي-الحجة",
)
PERSIAN = ("فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند",)


def spelled(word: str) -> str:
    """A month's name in the one spelling under which it is known."""
    text = unicodedata.normalize("NFKC", word).replace("İ", "i").casefold().replace("ı", "i").translate(LETTERS)
    return re.sub(r"[\s.\u200c]+", " ", text).strip()


def numbered(calendar: tuple[str, ...]) -> dict[str, int]:
    """The number of each name of a calendar's months."""
    return {spelled(name.replace("-", " ")): n for row in calendar for n, name in enumerate(row.split(), 1)}


MONTHS, ISLAMIC_MONTHS, PERSIAN_MONTHS = numbered(GREGORIAN), numbered(ISLAMIC), numbered(PERSIAN)
TWO_WORDS = r"(?:(?:كانون|تشرين|ربيع|جمادى|ذو|ذي|جمادي)\s+(?:ال)?\w+)"
WORD = rf"(?P<month>{TWO_WORDS}|[^\W\d_]{{2,12}})"
DAY_FIRST = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})(?:\.|st|nd|rd|th|er|º|ª)?\s*(?:de |of |din )?[\s/-]?\s*"
    rf"{WORD}\.?,?\s*(?:/\s*\w+)?\s*(?:de |del )?"
    r"[\s/-]?\s*(?P<year>\d{4})(?!\d)",
    re.IGNORECASE,
)
MONTH_FIRST = re.compile(
    rf"(?<!\w){WORD}\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s*[,،]?\s+(?P<year>\d{{4}})(?!\d)", re.IGNORECASE
)
NUMBERS = re.compile(
    r"(?<![\d./:-])(?P<one>\d{1,2})(?P<sep>[./-])\s?(?P<two>\d{1,2})(?P=sep)\s?(?P<year>\d{4}|\d{2}(?=\s*(?:$|[,|]|\d{1,2}:)))(?!\d)"
)
YEAR_FIRST = re.compile(r"(?<!\d)(?P<year>\d{4})(?P<sep>[./-])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})(?!\d)")
CJK = re.compile(r"(?P<year>\d{4})\s*[年년]\s*(?P<month>\d{1,2})\s*[月월]\s*(?P<day>\d{1,2})\s*[日일]")
CLOCK = re.compile(
    r"(?<![\d:.])(?P<hour>[01]?\d|2[0-3])[:h](?P<minute>[0-5]\d)(?![\d.])\s*(?P<half>[ap]\.?m\b|[صم]\b)?", re.IGNORECASE
)
UNCERTAIN = frozenset(("en", ""))
"""Languages in which day and month stand in either order."""

MONTH_FIRST_TAGS = frozenset(("en-US", "en-PH", "es-US"))


def read_written(text: str, *, language: str | None = None) -> tuple[datetime, Precision] | None:
    """Read the first date of a short text.

    Args:
        text: A line such as "Veröffentlicht am 3. März 2026, 14:05 Uhr".
        language: The page's language, a BCP 47 tag, which orders day and month.

    Returns:
        The time, without a zone, and its precision; ``None`` when no date is written, or one that could be two days.
    """
    line = " ".join(text[:MAX_CHARS].translate(DIGITS).split())
    found = by_name(line) or by_number(line, language or "")
    if found is None:
        return None
    day, end = found
    clock = CLOCK.search(line, end) or CLOCK.search(line)
    if clock is None or (clock["half"] and int(clock["hour"]) > 12):
        return datetime(day.year, day.month, day.day), "day"  # noqa: DTZ001 - the caller sets the zone
    hour = int(clock["hour"])
    if clock["half"]:
        hour = hour % 12 + (12 if clock["half"][0].lower() in "pم" else 0)
    return datetime(day.year, day.month, day.day, hour, int(clock["minute"])), "minute"  # noqa: DTZ001


def by_name(line: str) -> tuple[date, int] | None:
    """The first date whose month is a word, of whichever calendar, with where it ends; Gregorian ones before others."""
    matches = [match for pattern in (DAY_FIRST, MONTH_FIRST) for match in pattern.finditer(line)]
    for months, convert in ((MONTHS, date), (PERSIAN_MONTHS, from_persian), (ISLAMIC_MONTHS, from_islamic)):
        for match in matches:
            month, year = months.get(spelled(match["month"])), int(match["year"])
            if month and (year > 1900) == (convert is date):
                try:
                    return convert(year, month, int(match["day"])), match.end()
                except ValueError:
                    continue
    return None


def by_number(line: str, language: str) -> tuple[date, int] | None:
    """The first date in numbers, where its order is certain, with where it ends."""
    try:
        if match := CJK.search(line) or YEAR_FIRST.search(line):
            year, month, day = int(match["year"]), int(match["month"]), int(match["day"])
            convert = date if year > 1900 else from_persian if year < 1420 else None
            return (convert(year, month, day), match.end()) if convert else None
        if match := NUMBERS.search(line):
            ordered = in_order(int(match["one"]), int(match["two"]), match["sep"], language)
            year = int(match["year"]) + (2000 if len(match["year"]) == 2 else 0)
            return (date(year, ordered[1], ordered[0]), match.end()) if ordered and year > 1900 else None
    except ValueError:
        pass
    return None


def in_order(one: int, two: int, separator: str, language: str) -> tuple[int, int] | None:
    """Day and month of two numbers; ``None`` where the page's language leaves it open."""
    if one > 12 or one == two:
        return one, two
    if two > 12 or language in MONTH_FIRST_TAGS:
        return two, one
    return (one, two) if separator == "." or language not in UNCERTAIN else None
