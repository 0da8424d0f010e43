"""Redirect pages at former addresses."""

from markupsafe import Markup

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'"
)
"""Content security policy of a page: it may load the site's own files only."""
_PAGE = Markup("""<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta http-equiv="refresh" content="0; url={target}">
<link rel="canonical" href="{address}">
<title>{title}（已移到新网址）</title>
</head>
<body>
<h1>{title}</h1>
<p>这个页面已经移到<a href="{target}">新网址</a>。</p>
</body>
</html>
""")


def redirect_html(title: str, target: str, address: str) -> str:
    """Return the HTML of a redirect page.

    `target` is the relative URL of the present page, `address` its canonical URL.
    """
    return _PAGE.format(policy=POLICY, target=target, address=address, title=title)
