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
COMMENT = rb"<!--(?:-?+>|(?:[^-]++|-(?!-!?>))*+)"
CODE = b"|".join(
    rb"<(?i:%(tag)s)(?=[ \t\n\r\f/>])%(few)s(?!%(one)s)[^<]*+(?:<(?!/(?i:%(tag)s))[^<]*+)*+"
    % {b"tag": tag, b"few": FEW, b"one": ATTRIBUTE}
    for tag in (b"script", b"style")
)
"""A script or style with what stands in it, where nothing is a tag."""

UNCROWDED = re.compile(
    rb"(?:[^<]++|%s|%s|%s%s(?!%s)|<(?!/?[A-Za-z]))*+\Z" % (COMMENT, CODE, START, FEW, ATTRIBUTE),
)
TAG = re.compile(rb"%s|%s|(?P<start>%s)%s(?P<beyond>(?:%s)*+)" % (COMMENT, CODE, START, FEW, ATTRIBUTE))
"""A tag, in ``beyond`` its attributes beyond ``MOST_ATTRIBUTES``; or what holds none."""


def without_crowds(raw: bytes) -> bytes:
    """A page whose tags of nothing but attributes have lost them."""
    if len(raw) <= UNCROWDED_BYTES or UNCROWDED.match(raw):
        return raw
    return TAG.sub(lambda tag: tag["start"] if tag["beyond"] else tag[0], raw)
