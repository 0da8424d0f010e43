"""A site made with MkDocs, which makes the hand-written pages and the theme anew."""

from pathlib import Path
from typing import Any

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, ConfigurationError

from gongkai.build.mkdocs.plugin import Asked, GongkaiPlugin
from gongkai.build.render import shown
from gongkai.build.state import Outcome


def read_config(config_file: Path, **given: Any) -> MkDocsConfig:  # noqa: ANN401 - as MkDocs takes it
    """mkdocs.yml as MkDocs reads it, with what is `given` instead; Abort where it cannot."""
    try:
        return load_config(str(config_file), **given)
    except ConfigurationError as error:
        raise Abort(f"{shown(config_file)} 读不懂，网站没有改动：{error}") from None


def make_with_mkdocs(config_file: Path, site: Path, asked: Asked, *, strict: bool) -> Outcome:
    """As make() does (see making), with MkDocs."""
    config = read_config(config_file, site_dir=str(site), strict=strict or None)
    plugin = _plugin(config)
    plugin.asked = asked
    config.plugins.on_startup(command="build", dirty=False)
    try:
        mkdocs_build(config)
    except Abort:
        if plugin.outcome is None or not plugin.outcome.blocked:
            raise
    finally:
        config.plugins.on_shutdown()
    if plugin.outcome is None:
        raise Abort("MkDocs 没有完成，网站没有改动")
    return plugin.outcome


def _plugin(config: MkDocsConfig) -> GongkaiPlugin:
    found = next(
        (each for each in config.plugins.values() if isinstance(each, GongkaiPlugin)), None
    )
    if found is None:
        raise Abort("mkdocs.yml 的 plugins 里没有 gongkai；请加上“- gongkai”")
    return found
