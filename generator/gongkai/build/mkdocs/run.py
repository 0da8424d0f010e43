"""Run MkDocs, which makes the hand-written pages and the theme's files anew."""

import traceback
from pathlib import Path

import jinja2
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort

from gongkai.build.mkdocs.config import read_config
from gongkai.build.mkdocs.plugin import GongkaiPlugin
from gongkai.build.mkdocs_messages import translate_mkdocs
from gongkai.build.state import BuildRequest, BuildResult
from gongkai.runtime.paths import display_path


def build_with_mkdocs(
    config_file: Path, site: Path, request: BuildRequest, *, strict: bool
) -> BuildResult:
    """Build the site through a complete MkDocs run (see make)."""
    config = read_config(config_file, site_dir=str(site), strict=strict or None)
    plugin = _find_plugin(config)
    config.plugins.on_startup(command="build", dirty=False)
    plugin.request = request
    try:
        mkdocs_build(config)
    except Abort as error:
        if plugin.result is None or not plugin.result.blocked:
            raise Abort(translate_mkdocs(error.message)) from None
    except UnicodeDecodeError:
        raise Abort("有手写的页面读不出来，网站没有改动；请照上面的提示另存") from None
    except jinja2.TemplateError as error:
        raise Abort(_template_message(error)) from error
    finally:
        config.plugins.on_shutdown()
    if plugin.result is None:
        raise Abort("MkDocs 没有完成，网站没有改动")
    return plugin.result


def _template_message(error: jinja2.TemplateError) -> str:
    """Return in Chinese which template is faulty, and where."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [
        (frame.filename, frame.lineno) for frame in frames if frame.filename.endswith(".html")
    ]
    if isinstance(error, jinja2.TemplateSyntaxError) and error.filename:
        places = [(error.filename, error.lineno)]
    place = f"{display_path(Path(places[-1][0]))}:{places[-1][1]}: " if places else ""
    advice = f"请照原来的模板改回（程序的原话：{error.message}）"
    return f"{place}模板写错了，网站没有改动；{advice}"


def _find_plugin(config: MkDocsConfig) -> GongkaiPlugin:
    plugin = next(
        (plugin for plugin in config.plugins.values() if isinstance(plugin, GongkaiPlugin)), None
    )
    if plugin is None:
        raise Abort("mkdocs.yml 的 plugins 里没有 gongkai；请加上“- gongkai”")
    return plugin
