"""Elements, attributes and nesting rules of the HTML standard that the markup tests check."""

from collections.abc import Mapping


def _split(text: str) -> frozenset[str]:
    return frozenset(text.split())


BLOCKS = _split(
    "address article aside blockquote details dialog div dl fieldset figure footer form h1 h2 h3 h4"
    " h5 h6 header hr main nav ol p pre search section table ul"
)
PHRASING_ONLY = _split(
    "abbr b button cite code em h1 h2 h3 h4 h5 h6 i kbd label mark meter output p pre progress q s"
    " samp small span strong sub summary sup time u"
)
"""Elements that may not contain block elements."""
INTERACTIVE = _split("a button details iframe input select textarea")
"""Elements that may not be inside a link or a button."""
LABELABLE = _split("button input meter output progress select textarea")
CHILDREN: Mapping[str, frozenset[str]] = {
    "ul": _split("li"),
    "ol": _split("li"),
    "menu": _split("li"),
    "dl": _split("dt dd div"),
    "table": _split("caption colgroup thead tbody tfoot"),
    "thead": _split("tr"),
    "tbody": _split("tr"),
    "tfoot": _split("tr"),
    "tr": _split("th td"),
    "colgroup": _split("col"),
    "select": _split("option optgroup hr"),
    "datalist": _split("option"),
}
"""Allowed child elements, by parent."""
OBSOLETE = _split("acronym applet basefont big center dir font frame frameset marquee tt style")
"""Obsolete elements, and style, which the site's Content-Security-Policy forbids."""
OBSOLETE_ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "a": _split("name rev charset"),
    "table": _split("align bgcolor border cellpadding cellspacing frame rules summary width"),
    "td": _split("abbr align axis bgcolor height nowrap scope valign width"),
    "th": _split("align axis bgcolor height nowrap valign width"),
    "tr": _split("align bgcolor valign"),
    "col": _split("align valign width"),
    "img": _split("align border hspace longdesc name vspace"),
    "div": _split("align"),
    "p": _split("align"),
    "br": _split("clear"),
    "hr": _split("align color size width"),
    "ol": _split("compact"),
    "ul": _split("compact type"),
    "body": _split("alink background bgcolor link text vlink"),
    "html": _split("version"),
    "script": _split("charset language"),
    "link": _split("charset rev target"),
    "meta": _split("scheme"),
}
REFERENCES = _split(
    "aria-activedescendant aria-controls aria-describedby aria-details aria-errormessage"
    " aria-flowto aria-labelledby aria-owns headers list form for"
)
"""Attributes that refer to other elements by id."""
AUTOCOMPLETE = _split("checkbox radio button submit reset image file")
"""Input types that do not support autocomplete."""
VALUES: Mapping[str, str] = {
    "tabindex": "0|-1",
    "scope": "|row|col|rowgroup|colgroup",
    "href": r"\S*",
    "src": r"\S+",
    "action": r"\S+",
    "colspan": "[1-9][0-9]*",
    "rowspan": "[1-9][0-9]*",
    "datetime": r"\d{4}(-\d\d){0,2}([T ]\d\d:\d\d.*)?",
    "hreflang": "[a-z]{2}(-[A-Z]{2})?",
    "aria-hidden": "true|false",
    "aria-expanded": "true|false",
    "aria-pressed": "true|false|mixed",
    "aria-current": "page|step|location|date|time|true|false",
}
"""Patterns of allowed attribute values; `tabindex` may not change the keyboard order."""
