"""The way from one page of the site to another."""


def relative_url(url: str, here: str) -> str:
    """The way from one page to another, both as seen from the site's root; an anchor stays."""
    page, mark, anchor = url.partition("#")
    there, now = page.split("/")[:-1], here.split("/")[:-1]
    same = 0
    for one, other in zip(there, now, strict=False):
        if one != other:
            break
        same += 1
    way = "../" * (len(now) - same) + "".join(f"{each}/" for each in there[same:])
    return f"{way or './'}{mark}{anchor}"
