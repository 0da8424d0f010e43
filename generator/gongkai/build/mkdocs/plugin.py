"""The MkDocs plugin: it adds the data's pages, and publishes them with everything beside them.

By itself, MkDocs renders every page from Markdown. In gongkai's own builds it renders the hand-written
pages, and a placeholder per kind of page from which the pipeline makes all others.
"""

import logging
import os
import re
import shutil
from contextlib import ExitStack
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Literal

from mkdocs.config import config_options
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import CountHandler

from gongkai.build.log import log_problems
from gongkai.build.mkdocs.data_pages import (
    add_markdown_pages,
    add_placeholders,
    find_clash,
    home_opening,
)
from gongkai.build.mkdocs.live_reload import allow_reload_script, keep_serving
from gongkai.build.mkdocs.publisher_defaults import (
    add_shipped_pages,
    complete_config,
    settle_address,
)
from gongkai.build.mkdocs.unapplied import unapplied_settings
from gongkai.build.pipeline import SiteDraft, build_site, draft_site, publish_draft
from gongkai.build.rendered_pages import rendered_path
from gongkai.build.state import BuildRequest, BuildResult, BuildState, open_state
from gongkai.build.theme.asset_names import hash_asset_names
from gongkai.build.theme.compact_scripts import compact_scripts
from gongkai.build.theme.page_shells import NoContentSlotError
from gongkai.build.theme.style_sheet import choose_style_sheets
from gongkai.build.theme.theme_output import (
    ThemeOutput,
    read_theme_files,
    read_theme_output,
    theme_key,
)
from gongkai.build.workspace import Workspace
from gongkai.checks.texts.tally import Tally
from gongkai.model.publication import Site
from gongkai.pages.meta_tags import render_column_tags, theme_variables
from gongkai.reading.dataset import read_common_data
from gongkai.runtime.clock import today
from gongkai.runtime.errors import UnavailableError
from gongkai.runtime.locking import BusyError
from gongkai.runtime.paths import display_path
from gongkai.runtime.settings import data_folder, read_settings

_LOG = logging.getLogger("mkdocs.plugins.gongkai")
_UNUSED = re.compile(r"assets/(javascripts/|images/favicon|stylesheets/(?!main|theme)|.*\.map$)")
"""Files of Material that no page of ours loads."""
_SHEET = re.compile(r"assets/stylesheets/main\.\w+\.min\.css")
"""Material's style sheet; its name changes with its version."""
_UNTOUCHED = "数据有问题，没有生成网站；原有的网站没有改动。请按上面的提示改正后再试。"


class GongkaiConfig(Config):
    """The plugin's options in mkdocs.yml."""

    data_dir = config_options.Type(str, default="data")
    """The data folder, relative to mkdocs.yml."""


class GongkaiPlugin(BasePlugin[GongkaiConfig]):
    """Redirects MkDocs into the workspace, adds the data's pages and publishes the site."""

    def __init__(self) -> None:
        self.request: BuildRequest | None = None
        """What gongkai builds by means of placeholder pages; None if MkDocs was started by itself and
        is to render every page."""
        self.result: BuildResult | None = None
        self._serving = False
        self._publisher: Site | None = None
        self._site = Path()
        self._lock = ExitStack()
        self._previous: BuildState | None = None
        self._draft: SiteDraft | None = None
        self._unapplied: tuple[str, ...] = ()

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Remember whether MkDocs serves; a plugin with this hook outlives builds and rebuilds."""
        self._serving = command == "serve"
        self.request = self.result = None

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Redirect MkDocs into the locked workspace; take the site's name from the data."""
        if not config.use_directory_urls:
            raise Abort("mkdocs.yml 里的 use_directory_urls 须为 true（默认），页面网址才不会变。")
        if config.theme.name != "material":
            message = "mkdocs.yml 的 theme 须写明 name: material"
            raise Abort(f"{message}，各页才有自己的样子；网站没有改动")
        complete_config(config)
        request = self._request(config)
        common = read_common_data(request.data, request.display_name, request.today)
        if common.site is None:
            log_problems(Tally.from_problems(common.problems))
            raise Abort(_UNTOUCHED)
        # The address of a served site is MkDocs' own.
        difference = "" if self._serving else settle_address(config, common.site)
        if difference and request.preview:
            _LOG.warning(difference)
        elif difference:
            raise Abort(f"{difference}。网站没有改动")
        settings = read_settings(Path(config.config_file_path), request.data)
        if refusal := settings.overwrite_error(Path(config.site_dir)):
            raise Abort(refusal)
        self._site = Path(config.site_dir).resolve()
        if foreign_file := Workspace(self._site).find_foreign_file():
            raise Abort(
                f"{display_path(self._site)} 里有别的文件（{foreign_file}），没有改动；请换一个目录，或先移走它们"
            )
        try:
            self._lock.enter_context(Workspace(self._site).lock())
        except BusyError:
            raise Abort(f"另一个程序正在生成 {display_path(self._site)}；请等它结束") from None
        self._previous = open_state(Workspace(self._site))
        config.site_dir = str(self._mkdocs_output())
        shutil.rmtree(Workspace(self._site).rendered, ignore_errors=True)
        self._draft, self._unapplied = None, ()
        self._publisher = common.site
        config.site_name = escape(common.site.name)  # The theme prints it without escaping.
        config.extra["gk"] = theme_variables(common.site)
        return config

    @event_priority(50)  # Early, so that other plugins see the pages.
    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add the data's pages; the home page keeps its hand-written opening."""
        for file in [file for file in files if _UNUSED.match(file.src_uri)]:
            files.remove(file)
        if page := find_clash(files):
            raise Abort(
                f"{display_path(Path(config.docs_dir))}/{page} 的网址是由数据生成的网页用的，不能手写；"
                "网站没有改动，请改名，或移走它"
            )
        add_shipped_pages(files, config)
        if self.request:
            self._unapplied = tuple(unapplied_settings(config))
            for warning in self._unapplied:
                _LOG.warning(warning)
            return add_placeholders(files, config)
        workspace = Workspace(self._site)
        self._draft = self._draft_site(workspace, home_opening(files), config)
        data_path = self._data_path(config)
        add_markdown_pages(
            files, config, self._draft.markdown_pages(), workspace.pending, data_path
        )
        return files

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """Look for the style sheets and scripts of mkdocs.yml."""
        for asset in (*config.extra_css, *config.extra_javascript):
            path = f"{asset}"
            if "://" not in path and files.get_file_from_path(path) is None:
                _LOG.warning("mkdocs.yml 里写的 %s 不存在，网页上用不到它；请核对名称", path)
        sheets = (file.url for file in files if _SHEET.fullmatch(file.src_uri))
        config.extra["gk"]["sheets"] = list(sheets)
        return nav

    def _draft_site(self, workspace: Workspace, opening: str, config: MkDocsConfig) -> SiteDraft:
        """Build everything but what MkDocs makes; raise Abort if problems block publication."""
        request, theme = self._request(config), self._theme(config)
        try:
            draft = draft_site(request, workspace, theme, self._previous, opening)
        except UnavailableError as error:
            raise Abort(f"{error}") from None
        if draft.blocked:
            log_problems(draft.blocked.tally, draft.blocked.note)
            raise Abort(_UNTOUCHED)
        return draft

    def on_page_markdown(self, markdown: str, *, page: Page, **_: object) -> str:
        """Add meta tags to hand-written pages."""
        if markdown.startswith("---\n"):
            name = page.file.src_uri
            _LOG.warning("%s 开头两行“---”之间写错了，会当作正文显示；请改正", name)
        if self._publisher and "head_html" not in page.meta:
            description = f"{page.meta.get('description', '')}"
            page.meta["head_html"] = render_column_tags(
                f"{page.title}", description, self._publisher
            )
        return markdown

    @event_priority(-100)  # Late, so that what other plugins do to the written files counts.
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Publish the site with the pages and files of MkDocs."""
        config.site_dir = str(self._site)
        if config.strict and _has_warnings():
            return  # MkDocs is about to give up, and the site must stay as it is.
        workspace, folder = Workspace(self._site), self._mkdocs_output()
        if self._draft:
            _require_pages(self._draft, folder)
        for sheet in config.extra["gk"]["sheets"]:
            choose_style_sheets(folder, sheet)
        compact_scripts(folder)
        hash_asset_names(folder, config.site_url or "")
        try:
            self.result = self._publish(workspace, folder, config)
        except UnavailableError as error:
            raise Abort(f"{error}") from None
        self._draft = None
        self._lock.close()
        log_problems(self.result.tally, self.result.note)
        if self.result.blocked and not self._request(config).shows_errors:
            raise Abort(_UNTOUCHED)

    def _publish(self, workspace: Workspace, folder: Path, config: MkDocsConfig) -> BuildResult:
        """Publish the site with what MkDocs wrote into a folder."""
        theme = self._theme(config)
        if self._draft:
            pages = {rendered_path(path) for path, _ in self._draft.markdown_pages()}
            theme = replace(theme, files=read_theme_files(folder, pages))
            return publish_draft(self._draft, workspace, theme)
        config_file, request = Path(config.config_file_path), self._request(config)
        key = theme_key(config_file, read_settings(config_file, request.data))
        try:
            theme = read_theme_output(folder, replace(theme, key=key))
        except NoContentSlotError:
            raise Abort(
                "overrides 里的模板没有给页面内容留位置（page.content），无法生成页面。"
            ) from None
        return build_site(request, workspace, theme, self._previous)

    def _theme(self, config: MkDocsConfig) -> ThemeOutput:
        """Return what is known of the output of MkDocs before it is read."""
        return ThemeOutput(
            key="",
            templates={},
            files=(),
            strict=bool(config.strict),
            site_url=config.site_url or "",
            data_path=self._data_path(config),
            unapplied=self._unapplied,
        )

    def _data_path(self, config: MkDocsConfig) -> str:
        """Return the relative path from the hand-written pages to the data folder."""
        data = self._request(config).data.absolute()
        return Path(os.path.relpath(data, config.docs_dir)).as_posix()

    def _mkdocs_output(self) -> Path:
        """Return where MkDocs writes: the run of one mode leaves the files of the other alone."""
        workspace = Workspace(self._site)
        return workspace.mkdocs_output if self.request else workspace.rendered

    def on_build_error(self, *, error: Exception) -> None:
        """Release the workspace's lock."""
        self._lock.close()

    def on_shutdown(self) -> None:
        """Release the lock; delete the workspace of a served site, as MkDocs deletes the site."""
        self._lock.close()
        if self._serving:
            shutil.rmtree(Workspace(self._site).folder, ignore_errors=True)

    def on_serve(
        self, server: LiveReloadServer, *, config: MkDocsConfig, builder: object
    ) -> LiveReloadServer:
        """Rebuild when a data file is saved."""
        server.watch(str(self._request(config).data))
        allow_reload_script(server)
        build = server.builder

        def rebuild() -> bool:
            build()
            return True

        server.builder = keep_serving(rebuild, self._site)
        return server

    def _request(self, config: MkDocsConfig) -> BuildRequest:
        """Return what to build; without a request of gongkai, the data of mkdocs.yml as of today."""
        if self.request:
            return self.request
        folder = data_folder(Path(config.config_file_path).parent, self.config.data_dir)
        return BuildRequest(folder, today(), preview=self._serving)


def _require_pages(draft: SiteDraft, folder: Path) -> None:
    """Raise Abort if MkDocs has not written a page of the data."""
    paths = (path for path, _ in draft.markdown_pages())
    missing = next((path for path in paths if not (folder / rendered_path(path)).is_file()), "")
    if missing:
        raise Abort(
            f"MkDocs 没有写出数据的网页 {missing}，网站没有改动；请看看是哪个插件、hook "
            "或 mkdocs.yml 的 exclude_docs、draft_docs 去掉了它"
        )


def _has_warnings() -> bool:
    """Whether MkDocs has logged a warning, which fails a strict build."""
    handlers = logging.getLogger("mkdocs").handlers
    return any(handler.get_counts() for handler in handlers if isinstance(handler, CountHandler))
