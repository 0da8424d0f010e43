"""The MkDocs plugin: MkDocs makes the hand-written pages and the theme, the pipeline all others."""

import logging
import os
import re
import shutil
from contextlib import ExitStack
from html import escape
from pathlib import Path
from typing import Literal

from mkdocs.config import config_options
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils import CountHandler

from gongkai.build.log import log_problems
from gongkai.build.mkdocs.live_reload import allow_reload_script
from gongkai.build.mkdocs.publisher_defaults import (
    add_shipped_pages,
    complete_config,
    settle_address,
)
from gongkai.build.pipeline import build_site
from gongkai.build.state import BuildRequest, BuildResult, BuildState, open_state
from gongkai.build.theme.asset_names import hash_asset_names
from gongkai.build.theme.page_shells import (
    SOURCE,
    NoContentSlotError,
    placeholder_markdown,
    placeholder_path,
)
from gongkai.build.theme.style_sheet import choose_style_sheets
from gongkai.build.theme.theme_output import ThemeOutput, read_theme_output, theme_key
from gongkai.build.workspace import Workspace
from gongkai.checks.texts.tally import Tally
from gongkai.model.publication import Site
from gongkai.pages.meta_tags import render_column_tags, theme_variables
from gongkai.pages.page_types import HOME, PAGE_TYPES, page_url
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
    """Redirects MkDocs into the workspace, then builds the data's pages and publishes the site."""

    def __init__(self) -> None:
        self.request: BuildRequest | None = None
        """What gongkai builds with MkDocs; None if MkDocs was started by itself."""
        self.result: BuildResult | None = None
        self._serving = False
        self._publisher: Site | None = None
        self._site = Path()
        self._lock = ExitStack()
        self._previous: BuildState | None = None

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
        difference = settle_address(config, common.site)
        if difference and (self._serving or request.preview):
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
        config.site_dir = str(Workspace(self._site).mkdocs_output)
        self._publisher = common.site
        config.site_name = escape(common.site.name)  # The theme prints it without escaping.
        config.extra["gk"] = theme_variables(common.site)
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add a placeholder page per page type; the home page keeps its hand-written opening."""
        for file in [file for file in files if _UNUSED.match(file.src_uri)]:
            files.remove(file)
        add_shipped_pages(files, config)
        for asset in (*config.extra_css, *config.extra_javascript):
            path = f"{asset}"
            if "://" not in path and files.get_file_from_path(path) is None:
                _LOG.warning("mkdocs.yml 里写的 %s 不存在，网页上用不到它；请核对名称", path)
        sheets = (file.url for file in files if _SHEET.fullmatch(file.src_uri))
        config.extra["gk"]["sheets"] = list(sheets)
        for page_type in PAGE_TYPES:
            path = placeholder_path(page_type)
            hand_written = files.get_file_from_path(path)
            opening = hand_written.content_string if hand_written and page_type is HOME else ""
            if hand_written:
                files.remove(hand_written)
            file = File.generated(config, path, content=placeholder_markdown(page_type, opening))
            if page_type.has_source:
                file.edit_uri = SOURCE
            elif hand_written:
                file.edit_uri = hand_written.edit_uri
            files.append(file)
        return _KnownFiles(files, config)

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

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Build the data's pages and publish the site."""
        mkdocs_output, config.site_dir = Path(config.site_dir), str(self._site)
        if config.strict and _has_warnings():
            return  # MkDocs is about to give up, and the site must stay as it is.
        workspace, request = Workspace(self._site), self._request(config)
        theme = self._read_theme(mkdocs_output, config, request.data)
        try:
            self.result = build_site(request, workspace, theme, self._previous)
        except UnavailableError as error:
            raise Abort(f"{error}") from None
        self._lock.close()
        log_problems(self.result.tally, self.result.note)
        if self.result.blocked:
            raise Abort(_UNTOUCHED)

    def _read_theme(self, folder: Path, config: MkDocsConfig, data: Path) -> ThemeOutput:
        """Choose and name style sheets and scripts, then read the output of MkDocs from its folder."""
        config_file = Path(config.config_file_path)
        key = theme_key(config_file, read_settings(config_file, data))
        data_path = os.path.relpath(data.absolute(), config.docs_dir)
        for sheet in config.extra["gk"]["sheets"]:
            choose_style_sheets(folder, sheet)
        hash_asset_names(folder, config.site_url or "")
        try:
            return read_theme_output(
                folder,
                key,
                config.site_url or "",
                Path(data_path).as_posix(),
                strict=bool(config.strict),
            )
        except NoContentSlotError:
            raise Abort(
                "overrides 里的模板没有给页面内容留位置（page.content），无法生成页面。"
            ) from None

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
        return server

    def _request(self, config: MkDocsConfig) -> BuildRequest:
        """Return what to build; without a request of gongkai, the data of mkdocs.yml as of today."""
        if self.request:
            return self.request
        folder = data_folder(Path(config.config_file_path).parent, self.config.data_dir)
        return BuildRequest(folder, today(), preview=self._serving)


class _KnownFiles(Files):
    """MkDocs' files, extended by the data's pages so that hand-written pages can link to them."""

    def __init__(self, files: Files, config: MkDocsConfig) -> None:
        super().__init__(list(files))
        self._config = config

    def get_file_from_path(self, path: str) -> File | None:
        file = super().get_file_from_path(path)
        if file is None and path.endswith(".md") and _has_page_type(page_url(path)):
            return File.generated(self._config, path, content="")
        return file


def _has_page_type(url: str) -> bool:
    return any(page_type.matches(url) for page_type in PAGE_TYPES)


def _has_warnings() -> bool:
    """Whether MkDocs has logged a warning, which fails a strict build."""
    handlers = logging.getLogger("mkdocs").handlers
    return any(handler.get_counts() for handler in handlers if isinstance(handler, CountHandler))
