"""Plugins, hooks and Markdown extensions that gongkai's own builds do not apply to the data's pages."""

from collections.abc import Iterator

from mkdocs.config.defaults import MkDocsConfig

_OWN = "gongkai"
_PAGE_EVENTS = (
    *("files", "nav", "pre_page", "page_read_source", "page_markdown", "page_content"),
    *("page_context", "post_page", "post_build"),
)
"""Events by which plugins and hooks see pages; the other events are about settings and the theme."""
HARMLESS_EXTENSIONS = (
    *("abbr", "admonition", "attr_list", "codehilite", "def_list", "extra", "fenced_code"),
    *("footnotes", "legacy_attrs", "legacy_em", "md_in_html", "meta", "nl2br", "sane_lists"),
    *("smarty", "tables", "toc", "wikilinks", "pymdownx.arithmatex", "pymdownx.betterem"),
    *("pymdownx.blocks.admonition", "pymdownx.blocks.caption", "pymdownx.blocks.definition"),
    *("pymdownx.blocks.details", "pymdownx.blocks.html", "pymdownx.blocks.tab", "pymdownx.caret"),
    *("pymdownx.details", "pymdownx.emoji", "pymdownx.escapeall", "pymdownx.extra"),
    *("pymdownx.fancylists", "pymdownx.highlight", "pymdownx.inlinehilite", "pymdownx.keys"),
    *("pymdownx.magiclink", "pymdownx.mark", "pymdownx.progressbar", "pymdownx.quotes"),
    *("pymdownx.saneheaders", "pymdownx.smartsymbols", "pymdownx.snippets"),
    *("pymdownx.superfences", "pymdownx.tabbed", "pymdownx.tasklist", "pymdownx.tilde"),
)
"""Extensions of use in hand-written text only: the Markdown of the data's pages has no syntax of theirs,
because its text is escaped, and in blocks of HTML."""
_PAGE_OPTIONS = frozenset({"baselevel", "toc_depth", "glossary", "auto_append", "abbr"})
"""Options with which these extensions change every page: of toc, abbr, pymdownx.snippets and extra."""


def unapplied_settings(config: MkDocsConfig) -> Iterator[str]:
    """Yield a warning, in Chinese, for what would change the data's pages if MkDocs rendered them."""
    for place in _unapplied_places(config):
        yield (
            f"mkdocs.yml 的 {place}对数据的网页不起作用：gongkai 自己生成这些网页，"
            "只把手写的网页和版式交给 MkDocs；要对每个网页都起作用，请改用 mkdocs build"
        )


def _unapplied_places(config: MkDocsConfig) -> Iterator[str]:
    for name, plugin in config.plugins.items():
        if name != _OWN and any(hasattr(plugin, f"on_{event}") for event in _PAGE_EVENTS):
            written = name.removeprefix(f"{config.theme.name}/")  # MkDocs adds it to search.
            yield f"{'hooks' if name in config.hooks else 'plugins'} 里的“{written}”"
    for name in config.markdown_extensions:
        if name.removeprefix("markdown.extensions.") not in HARMLESS_EXTENSIONS:
            yield f"markdown_extensions 里的“{name}”"
        else:
            for option in sorted(_PAGE_OPTIONS & (config.mdx_configs.get(name) or {}).keys()):
                yield f"markdown_extensions 里“{name}”的“{option}”"
