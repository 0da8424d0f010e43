"""What HTML allows where, as far as the tests look: the words of the standard."""

from collections.abc import Mapping


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BLOCKS = _words(
    "address article aside blockquote details dialog div dl fieldset figure footer form h1 h2 h3 h4"
    " h5 h6 header hr main nav ol p pre search section table ul"
)
PHRASING_ONLY = _words(
    "abbr b button cite code em h1 h2 h3 h4 h5 h6 i kbd label mark meter output p pre progress q s"
    " samp small span strong sub summary sup time u"
)
"""Elements that hold no blocks."""
INTERACTIVE = _words("a button details iframe input select textarea")
"""Elements that stand in no link and no button."""
LABELABLE = _words("button input meter output progress select textarea")
CHILDREN: Mapping[str, frozenset[str]] = {
    "ul": _words("li"),
    "ol": _words("li"),
    "menu": _words("li"),
    "dl": _words("dt dd div"),
    "table": _words("caption colgroup thead tbody tfoot"),
    "thead": _words("tr"),
    "tbody": _words("tr"),
    "tfoot": _words("tr"),
    "tr": _words("th td"),
    "colgroup": _words("col"),
    "select": _words("option optgroup hr"),
    "datalist": _words("option"),
}
"""What may stand directly in an element."""
OBSOLETE = _words("acronym applet basefont big center dir font frame frameset marquee tt style")
"""Elements of former times; style is forbidden by the site's policy."""
OBSOLETE_ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "a": _words("name rev charset"),
    "table": _words("align bgcolor border cellpadding cellspacing frame rules summary width"),
    "td": _words("abbr align axis bgcolor height nowrap scope valign width"),
    "th": _words("align axis bgcolor height nowrap valign width"),
    "tr": _words("align bgcolor valign"),
    "col": _words("align valign width"),
    "img": _words("align border hspace longdesc name vspace"),
    "div": _words("align"),
    "p": _words("align"),
    "br": _words("clear"),
    "hr": _words("align color size width"),
    "ol": _words("compact"),
    "ul": _words("compact type"),
    "body": _words("alink background bgcolor link text vlink"),
    "html": _words("version"),
    "script": _words("charset language"),
    "link": _words("charset rev target"),
    "meta": _words("scheme"),
}
REFERENCES = _words(
    "aria-activedescendant aria-controls aria-describedby aria-details aria-errormessage"
    " aria-flowto aria-labelledby aria-owns headers list form for"
)
"""Attributes that name other elements of the page."""
AUTOCOMPLETE = _words("checkbox radio button submit reset image file")
"""Inputs that know no autocomplete."""
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
"""What an attribute may say, as a pattern; nothing is taken out of the order of the keyboard."""
