"""The lines of a text -> the text, and the notes in which its editors say what they corrected or added."""

from __future__ import annotations

import re
from collections.abc import Sequence

OPENING_LINES = 4
LAST_LINES = 10
"""How far from either end of a text a note may stand that only its label tells."""

LABELS = (
    r"(?:editor['’]?s['’]? )?(?:corrections?|clarifications?|amendments?)(?: and clarifications?)?(?: appended|"
    r" notes?)?|"
    r"(?:editor['’]?s['’]?|editorial|ed\.?|correction|update) note|note (?:from|by) the (?:editors?|desk)|"
    r"errat(?:um|a)|"
    r"correctifs?|rectificati(?:f|on)s?|pr[ée]cision|mise? [àa] jour|note de (?:la r[ée]daction|l['’][ée]diteur)"
    r"|ndlr|"
    r"(?:an)?korrektur(?:hinweis)?|berichtigung|richtigstellung|(?:anmerkung|hinweis|anm\.) d(?:er|\.)"
    r" red(?:aktion|\.)|"
    r"aktualisierung|transparenzhinweis|"
    r"correcci(?:[óo]n|ones)|fe de erratas?|fe de errores|rectificaci[óo]n|aclaraci[óo]n|actualizaci[óo]n|"
    r"nota d(?:e la redacci[óo]n|el editor)|"
    r"corre[çc][ãa]o|nota da reda[çc][ãa]o|errata corrige|correzione|rettifica|nota della redazione|"
    r"rectificatie|correctie|"
    r"d[üu]zeltme|g[üu]ncelleme|edit[öo]r[üu]n notu|edit[öo]r notu|"
    r"تصحيح|تصويب|تنويه|استدراك|تحديث|ملاحظة (?:من )?(?:ال)?(?:محررة?|تحرير|هيئة التحرير)|إيضاح|"
    r"اصلاحیه|تصحیح|به‌?\s?روزرسانی|یادداشت (?:سردبیر|ویراستار)"
)
UPDATES = r"updates?|updated|m[àa]j"
LABELLED = re.compile(
    rf"^[\[(*_\s]*(?:{LABELS})[\])*_]*\s*(?:[(\[,]?[^:：.]{{0,40}}?[)\]]?)?\s*(?P<separator>[:：]|\s[-–—]\s)\s*\S",
    re.IGNORECASE,
)
UPDATED = re.compile(
    rf"^[\[(*_\s]*(?:{UPDATES})\b[\])*_]*\s*(?:[(\[,]?[^:：.]{{0,40}}(?:\d{{1,2}}:\d\d[^:：.]{{0,20}})?[)\]]?"
    rf")?\s*[:：]\s*\S",
    re.IGNORECASE,
)
BARE_LABEL = re.compile(rf"^[\[(*_\s]*(?:{LABELS})[\])*_\s]*[:：]?$", re.IGNORECASE)
PIECE = r"(?:article|story|report|post|piece|page|headline|column|caption|graphic|photo|video|item|obituary|review)"
SAID = re.compile(
    rf"^[\[(*_\s]*(?:"
    rf"(?:this|the) (?:{PIECE}|[\w’' -]{{2,30}} {PIECE})(?:['’]s \w+)? (?:was|has been|is being|will be)"
    rf" (?:since )?(?:last )?(?:first )?(?:updated?|amended|corrected|edited|changed|modified|clarified|revised|"
    rf"re-?published)\b|"
    rf"(?:an?|the|in an?) (?:earlier|previous|original|prior) version (?:of (?:this|the) (?:[\w-]+ ){{0,2}}{PIECE}|"
    rf"misspelled|misstated)\b|"
    rf"because of an editing error,|"
    rf"cet? (?:article|texte|papier|d[ée]p[êe]che) a [ée]t[ée] (?:mis[e]? [àa] jour|modifi[ée]|corrig[ée]|"
    rf"actualis[ée])|"
    rf"(?:dans )?une (?:premi[èe]re )?version (?:pr[ée]c[ée]dente |ant[ée]rieure )?de (?:cet|ce|cette) |"
    rf"(?:in )?eine[r]? (?:fr[üu]heren?|vorherigen?|ersten|ältere[nr]?|urspr[üu]nglichen) (?:version|fassung)"
    rf" (?:(?:dieses|des) (?:artikels|textes|beitrags|berichts)|(?:der|dieser) meldung|hie[ßs]|stand)|"
    rf"(?:dieser|der) (?:artikel|text|beitrag|bericht) wurde (?:\S+ ){{0,5}}(?:aktualisiert|korrigiert|"
    rf"ge[äa]ndert|erg[äa]nzt)|"
    rf"est[ae] (?:art[íi]culo|noticia|nota|informaci[óo]n) (?:ha sido|fue) (?:actualizad|corregid|modificad)[oa]|"
    rf"una versi[óo]n (?:anterior|previa) de est[ae]|"
    rf"bu (?:haber|makale|yaz[ıi])(?:n[ıi]n [öo]nceki (?:bir )?s[üu]r[üu]m[üu]|,? .{{0,40}}(?:g[üu]ncellen|"
    rf"d[üu]zeltil)(?:di|mi[şs]tir))|"
    rf"(?:تم|جرى|جرت) (?:تحديث|تعديل|تصحيح) (?:هذا |هذه )?(?:ال)?(?:مقالة?|خبر|مادة|تقرير|قصة|عنوان)|"
    rf"(?:ورد(?:ت)? )?(?:في )?نسخة سابقة من (?:هذا|هذه)|(?:این|متن) (?:خبر|مقاله|گزارش) .{{0,30}}(?:به‌?\s?روز|اصلاح)"
    rf")",
    re.IGNORECASE,
)
LONGEST = 900
LONGEST_UPDATE = 400


def without_corrections(lines: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    """Take the notes on corrections, updates and by the editors off a text.

    A note is a line that says so by itself, wherever it stands; or one with a label, near an end of the text. A label
    on a line of its own takes the line below it along. What is only called an update is a note, and stays: it tells
    what has happened since.

    Returns:
        The lines of the text, and the notes as written, a label and its note as one.
    """
    kept: list[str] = []
    notes: list[str] = []
    label: str | None = None
    for position, line in enumerate(lines):
        at_edge = position < OPENING_LINES or position >= len(lines) - LAST_LINES
        if label is not None:
            notes.append(f"{label} {line}")
            label = None
        elif at_edge and position + 1 < len(lines) and BARE_LABEL.match(line):
            label = line if line.endswith((":", "：")) else f"{line.strip()}:"
        elif is_note(line, at_edge=at_edge):
            notes.append(line)
        elif at_edge and len(line) <= LONGEST_UPDATE and UPDATED.match(line):
            notes.append(line)
            kept.append(line)
        else:
            kept.append(line)
    return (kept, tuple(notes)) if kept else (list(lines), ())


def is_note(line: str, *, at_edge: bool) -> bool:
    """Whether a line is a note of the editors."""
    if len(line) > LONGEST:
        return False
    if SAID.match(line):
        return True
    return at_edge and bool(LABELLED.match(line))
