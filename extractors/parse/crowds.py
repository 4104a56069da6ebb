"""The bytes of a page -> the same without tags of nothing but attributes, which would hold the parser for minutes.

libxml2 takes a time that grows with the square of an element's attributes. What is a tag is told as the HTML standard
tells it (13.2.5, tokenization). Each part of these patterns is possessive, and what one has matched is not looked at
again, so that their time is linear.
"""

from __future__ import annotations

import re

MOST_ATTRIBUTES = 2_000

UNCROWDED_BYTES = 60_000
"""A page of so few bytes is parsed in well under a second even where it is one tag, and is not looked through."""

BLANKS = rb"[ \t\n\r\f]*+"
NAME = rb"(?:=[^ \t\n\r\f/>=]*+|[^ \t\n\r\f/>=]++)"  # it may begin with the sign that ends one
VALUE = rb"""(?:"[^"]*+"|'[^']*+'|[^ \t\n\r\f>"'][^ \t\n\r\f>]*+|(?=>))"""
ATTRIBUTE = rb"[ \t\n\r\f/]*+%(name)s(?:%(blanks)s=%(blanks)s%(value)s|(?!%(blanks)s=))" % {
    b"name": NAME,
    b"blanks": BLANKS,
    b"value": VALUE,
}
START = rb"</?[A-Za-z][^ \t\n\r\f/>]*+"
FEW = rb"(?:%s){0,%d}+" % (ATTRIBUTE, MOST_ATTRIBUTES)
COMMENT = rb"<!--(?:-?+>|(?:[^-]++|-(?!-!?>))*+)|<(?:[!?](?!--)|/(?![A-Za-z]))[^>]*+"
"""A comment, a declaration, or what counts as a comment."""

# "<script/>" is closed, with libxml2.
OPENED = rb"<(?i:%(name)s)(?=[ \t\n\r\f/>])%(few)s(?:/++(?=[ \t\n\r\f])|[ \t\n\r\f]++)*+>"
CLOSED = rb"/(?i:%(name)s)[ \t\n\r\f/>]"
RAW = b"|".join(
    (OPENED + rb"(?:[^<]++|<(?!" + CLOSED + rb"))*+") % {b"name": name, b"few": FEW}
    for name in (b"style", b"title", b"textarea", b"iframe", b"xmp", b"noembed", b"noframes")
)
"""Elements with what stands in them, where nothing is a tag."""

# In "<!--" a script may hold another one, which ends first.
INNER = rb"<(?i:script)(?=[ \t\n\r\f/>])(?:[^<-]++|-(?!->)|<(?!/(?i:script)[ \t\n\r\f/>]))*+(?:</(?i:script))?+"
HIDDEN = rb"<!(?=--)(?:[^<-]++|-(?!->)|<(?!/?(?i:script)[ \t\n\r\f/>])|%s)*+(?:-->)?+" % INNER
SCRIPT = (OPENED + rb"(?:[^<]++|<(?!!--|" + CLOSED + rb")|%(hidden)s)*+") % {
    b"name": b"script",
    b"few": FEW,
    b"hidden": HIDDEN,
}

UNTAGGED = rb"%s|%s|%s" % (COMMENT, SCRIPT, RAW)
# Most tags, by their first letter at once: none of the above begins with it.
PLAIN = rb"<(?:/[A-Za-z]|[A-HJ-MO-RU-WYZa-hj-mo-ru-wyz])[^ \t\n\r\f/>]*+%s(?!%s)" % (FEW, ATTRIBUTE)
UNCROWDED = re.compile(
    rb"(?:[^<]++|%s|<(?![/!?A-Za-z])|%s|%s%s(?!%s))*+\Z" % (PLAIN, UNTAGGED, START, FEW, ATTRIBUTE),
)
TAG = re.compile(rb"%s|(?P<start>%s)%s(?P<beyond>(?:%s)*+)" % (UNTAGGED, START, FEW, ATTRIBUTE))
"""A tag, in ``beyond`` its attributes beyond ``MOST_ATTRIBUTES``; or what holds none."""


def without_crowds(raw: bytes) -> bytes:
    """A page whose tags of nothing but attributes have lost them."""
    if len(raw) <= UNCROWDED_BYTES or UNCROWDED.match(raw):
        return raw
    return TAG.sub(lambda tag: tag["start"] if tag["beyond"] else tag[0], raw)
