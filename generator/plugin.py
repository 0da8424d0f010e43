"""The MkDocs plugin: puts the generated pages among the hand-written ones."""

import logging
import os
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
from mkdocs.structure.pages import Page as MkDocsPage

from generator.pages import Page
from generator.problems import Level, Problem
from generator.settings import data_folder
from generator.site import Run, examine, pages

_LOG = logging.getLogger("mkdocs.plugins.gongkai")


_NO_DAY = "1970-01-01"
"""For pages whose data gives no day: MkDocs wants one, the sitemap leaves it out."""
_SHOWN = 5
"""How many warnings a build lists; gongkai check lists them all."""


class GongkaiConfig(Config):
    """The plugin's options in mkdocs.yml."""

    data_dir = config_options.Type(str, default="data")
    """The data folder, from where mkdocs.yml lies."""


class GongkaiPlugin(BasePlugin[GongkaiConfig]):
    """Reads the data, stops at contradictions, adds the pages."""

    def __init__(self) -> None:
        self._pages: dict[str, Page] = {}

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Stay alive between rebuilds; nothing else."""

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Read and judge, before MkDocs empties the old site."""
        run = examine(self._data(config))
        report(run)
        if run.dataset.site is None or not run.publishable:
            raise Abort("数据有问题，没有生成网站；原有的网站没有改动。请按上面的提示改正后再试。")
        made = pages(run, Path(config.docs_dir))
        self._pages = {page.path: page for page in made}
        config.site_name = escape(run.dataset.site.name)  # The theme prints it without escaping.
        config.copyright = escape(f"主办单位：{run.dataset.site.organiser}")
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add the generated pages; the home page takes the place of its hand-written opening."""
        for path, page in self._pages.items():
            if written := files.get_file_from_path(path):
                files.remove(written)
            file = File.generated(config, path, content=page.text)
            if page.source:
                file.edit_uri = _from(config.docs_dir, page.source)
            files.append(file)
        return files

    def on_page_markdown(
        self, markdown: str, *, page: MkDocsPage, config: MkDocsConfig, files: Files
    ) -> str:
        """Date the page as the data does: the sitemap must not tell when it was built."""
        made = self._pages.get(page.file.src_uri)
        page.update_date = (made.updated if made else "") or _NO_DAY
        return markdown

    def on_serve(
        self, server: LiveReloadServer, *, config: MkDocsConfig, builder: object
    ) -> LiveReloadServer:
        """Rebuild when a data file is saved."""
        server.watch(str(self._data(config)))
        return server

    def _data(self, config: MkDocsConfig) -> Path:
        return data_folder(Path(config.config_file_path).parent, self.config.data_dir)


def report(run: Run) -> None:
    """List what blocks, which is an error to MkDocs, and a few of the warnings; count the rest."""
    for problem in run.judgement.problems:
        if problem.blocks:
            _LOG.error(problem)
    milder = [each for each in run.judgement.problems if each.level is not Level.E]
    milder.sort(key=lambda each: each.level is Level.I)
    for problem in milder[:_SHOWN]:
        _LOG.info("%s%s", _called(problem), problem)
    if len(milder) > _SHOWN:
        _LOG.info("另有 %d 处警告和提示，不影响公开；运行 gongkai check 查看", len(milder) - _SHOWN)


def _called(problem: Problem) -> str:
    return "警告：" if problem.level is Level.W else "提示："


def _from(folder: str, file: str) -> str:
    return Path(os.path.relpath(Path(file).absolute(), folder)).as_posix()
