"""A page at a former address, which leads to the present one."""

from markupsafe import Markup

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'"
)
"""What a page of the site may load: nothing but the site's own files."""
_PAGE = Markup("""<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta http-equiv="refresh" content="0; url={way}">
<link rel="canonical" href="{address}">
<title>{title}（已移到新网址）</title>
</head>
<body>
<h1>{title}</h1>
<p>这个页面已经移到<a href="{way}">新网址</a>。</p>
</body>
</html>
""")


def redirect_html(title: str, way: str, address: str) -> str:
    """The page; `way` leads from it to the present one, whose whole address is `address`."""
    return _PAGE.format(policy=POLICY, way=way, address=address, title=title)
