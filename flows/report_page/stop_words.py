"""Words that rise and fall without telling anything: function words, days and months."""

from __future__ import annotations

from types import MappingProxyType

from extractors.normalize.function_words import OWN_WORDS
from warehouse.history.calendar_words import MONTHS

# Weekdays come and go with the length of a period; the rest is what reports of any subject are told with.
FURTHER = MappingProxyType(
    {
        "en": "monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow day days week "
        "weeks month months year years morning evening night one two three four five six seven eight nine ten "
        "first second last next each every other others another some any all both many much most own same "
        "such only just also even still yet too very well there here where what how why while until since "
        "before during through over under between against around among near out up down off back again away "
        "because so if no nor can could may might must shall should do does did done make made say says "
        "saying told tell according added statement reported report reports announced them him me my your our "
        "us these those like new people time way per",
        "ar": "الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد اليوم أمس غدا يوم أيام أسبوع شهر عام سنة "
        "صباح مساء ليل واحد اثنين ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة عشرة عشر أول ثاني آخر أخرى جديد جديدة "
        "نحو حوالي أكثر أقل بعض جميع عدد عدة كذلك أيضا لكن غير عند لدى منها فيها عليها له لها لهم هناك هنا "
        "هؤلاء أي أيضاً كما قالت أضاف أضافت أعلن أعلنت أكد أكدت أشار أشارت ذكر ذكرت أفاد أفادت يكون تكون ليس "
        "ليست حتى منهم بينهم وسط ضمن حول ضد",
    }
)


def stop_words(language: str) -> list[str]:
    """The words of a language that are passed over, sorted; folding is the index's own."""
    months = {word for words in MONTHS.get(language, {}) for word in words}
    return sorted(OWN_WORDS.get(language, frozenset()) | set(FURTHER.get(language, "").split()) | months)
