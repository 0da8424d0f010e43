"""The MkDocs plugin: MkDocs makes the hand-written pages and the theme, the build makes the rest."""

import logging
import os
import re
import shutil
from contextlib import ExitStack
from dataclasses import dataclass, field
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

from gongkai.build.log import report
from gongkai.build.mkdocs.live_reload import let_reload
from gongkai.build.pipeline import build
from gongkai.build.render import shown
from gongkai.build.state import Outcome, Request, last_state
from gongkai.build.theme.css import dress
from gongkai.build.theme.page_shells import SOURCE, SPECIMENS, WITH_SOURCE, NoPlaceError, specimen
from gongkai.build.theme.theme_output import read_skin, skin_key
from gongkai.build.workspace import Workspace
from gongkai.checks.tally import Tally
from gongkai.model.publication import Site
from gongkai.model.terms import PageKind
from gongkai.pages.meta_tags import column_head, theme_facts
from gongkai.reading.dataset import read_common
from gongkai.runtime.clock import today
from gongkai.runtime.errors import MissingError
from gongkai.runtime.locking import BusyError
from gongkai.runtime.progress import Progress, Silent
from gongkai.runtime.settings import data_folder, read_settings
from gongkai.runtime.workers import Workers

_LOG = logging.getLogger("mkdocs.plugins.gongkai")
_UNUSED = re.compile(r"assets/(javascripts/|images/favicon|stylesheets/(?!main)|.*\.map$)")
"""What Material brings and no page of ours asks for."""
_SHEET = re.compile(r"assets/stylesheets/main\.\w+\.min\.css")
"""Material's style sheet; its name changes with its version."""
_UNTOUCHED = "数据有问题，没有生成网站；原有的网站没有改动。请按上面的提示改正后再试。"


class GongkaiConfig(Config):
    """The plugin's options in mkdocs.yml."""

    data_dir = config_options.Type(str, default="data")
    """The data folder, from where mkdocs.yml lies."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What gongkai build asks for beyond what MkDocs knows."""

    workers: Workers = field(default_factory=Workers)
    progress: Progress = field(default_factory=Silent)
    only: frozenset[str] = frozenset()
    release: str = ""
    previewing: bool = False
    """Whether the site is for this machine only (see state.Request)."""


class GongkaiPlugin(BasePlugin[GongkaiConfig]):
    """Lets MkDocs build beside the site; then builds the data's pages, and switches the site."""

    def __init__(self) -> None:
        self.asked = Asked()
        self.outcome: Outcome | None = None
        self._serving = False
        self._publisher: Site | None = None
        self._site = Path()
        self._held = ExitStack()

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Stay alive between rebuilds."""
        self._serving = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Turn MkDocs away from the site; take the site's name from the data."""
        if not config.use_directory_urls:
            raise Abort("mkdocs.yml 里的 use_directory_urls 须为 true（默认），页面网址才不会变。")
        data = self._data(config)
        common = read_common(data, shown(data), today())
        if common.site is None:
            report(Tally.of(common.problems))
            raise Abort(_UNTOUCHED)
        settings = read_settings(Path(config.config_file_path))
        if spared := settings.spared(Path(config.site_dir)):
            raise Abort(spared)
        self._site = Path(config.site_dir).resolve()
        if stray := Workspace(self._site).foreign():
            raise Abort(
                f"{shown(self._site)} 里有别的文件（{stray}），没有改动；请换一个目录，或先移走它们"
            )
        try:
            self._held.enter_context(Workspace(self._site).locked())
        except BusyError:
            raise Abort(f"另一个程序正在生成 {shown(self._site)}；请等它结束") from None
        config.site_dir = str(Workspace(self._site).frame)
        self._publisher = common.site
        config.site_name = escape(common.site.name)  # The theme prints it without escaping.
        config.extra["gk"] = theme_facts(common.site)
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add a specimen of each kind of page; the home page's opening stays."""
        for file in [each for each in files if _UNUSED.match(each.src_uri)]:
            files.remove(file)
        sheets = (each.url for each in files if _SHEET.fullmatch(each.src_uri))
        config.extra["gk"]["sheets"] = list(sheets)
        for kind, path in SPECIMENS.items():
            written = files.get_file_from_path(path)
            opening = written.content_string if written and kind is PageKind.HOME else ""
            if written:
                files.remove(written)
            file = File.generated(config, path, content=specimen(kind, opening))
            if kind in WITH_SOURCE:
                file.edit_uri = SOURCE
            elif written:
                file.edit_uri = written.edit_uri
            files.append(file)
        return _Known(files, config)

    def on_page_markdown(self, markdown: str, *, page: Page, **_: object) -> str:
        """Give hand-written pages the tags of their head."""
        if self._publisher and "head_html" not in page.meta:
            told = f"{page.meta.get('description', '')}"
            page.meta["head_html"] = column_head(f"{page.title}", told, self._publisher)
        return markdown

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Build the data's pages, put everything in the site's place."""
        frame, config.site_dir = Path(config.site_dir), str(self._site)
        if config.strict and _counted():
            return  # MkDocs is about to give up, and the site must stay as it is.
        workspace, data = Workspace(self._site), self._data(config)
        settings = read_settings(Path(config.config_file_path))
        key = skin_key(Path(config.config_file_path), settings)
        way = Path(os.path.relpath(data.absolute(), config.docs_dir)).as_posix()
        dress(frame, config.extra["gk"]["sheets"])
        try:
            skin = read_skin(frame, key, config.site_url or "", way, strict=bool(config.strict))
        except NoPlaceError:
            raise Abort(
                "overrides 里的模板没有给页面内容留位置（page.content），无法生成页面。"
            ) from None
        asked = self.asked
        previewing = asked.previewing or self._serving
        request = Request(data, shown(data), asked.workers, asked.only, asked.release, previewing)
        try:
            self.outcome = build(request, workspace, skin, last_state(workspace), asked.progress)
        except MissingError as error:
            raise Abort(f"{error}") from None
        self._held.close()
        report(self.outcome.tally, self.outcome.note)
        if self.outcome.blocked:
            raise Abort(_UNTOUCHED)

    def on_build_error(self, *, error: Exception) -> None:
        """Let go of the workspace."""
        self._held.close()

    def on_shutdown(self) -> None:
        """MkDocs removes the site that it served; what lay beside it goes too."""
        self._held.close()
        if self._serving:
            shutil.rmtree(Workspace(self._site).folder, ignore_errors=True)

    def on_serve(
        self, server: LiveReloadServer, *, config: MkDocsConfig, builder: object
    ) -> LiveReloadServer:
        """Rebuild when a data file is saved."""
        server.watch(str(self._data(config)))
        let_reload(server)
        return server

    def _data(self, config: MkDocsConfig) -> Path:
        return data_folder(Path(config.config_file_path).parent, self.config.data_dir)


class _Known(Files):
    """Files, and the data's pages, so that hand-written pages may link to them."""

    def __init__(self, files: Files, config: MkDocsConfig) -> None:
        super().__init__(list(files))
        self._config = config

    def get_file_from_path(self, path: str) -> File | None:
        found = super().get_file_from_path(path)
        ours = path.startswith(("units/", "years/", "guide/rules/", "data/")) and path.endswith(
            ".md"
        )
        if found is None and ours:
            return File.generated(self._config, path, content="")
        return found


def _counted() -> bool:
    """Whether MkDocs has met anything that a strict build does not let pass."""
    handlers = logging.getLogger("mkdocs").handlers
    return any(each.get_counts() for each in handlers if isinstance(each, CountHandler))
