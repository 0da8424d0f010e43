"""The data page: bulk downloads, file formats, licence and citation."""

from collections.abc import Sequence

from gongkai.model.publication import Site
from gongkai.pages import page_types
from gongkai.pages.entries import UnitEntry
from gongkai.pages.links import HOME
from gongkai.pages.lists import disclosed_years, year_link
from gongkai.pages.views.common import Link, PageHead
from gongkai.pages.views.open_data import BulkDownload, DataView

DATA_LINK = Link("开放数据", page_types.DATA.url())


def data_view(units: Sequence[UnitEntry], site: Site, whole: BulkDownload) -> DataView:
    """Return the view of the data page; `whole` is the bulk download."""
    years = disclosed_years(units)
    disclosures = sum(len(unit.entries) for unit in units)
    return DataView(
        head=PageHead(
            DATA_LINK.title,
            DATA_LINK.url,
            "本站的全部数据都可以下载：整体下载、每页的数据文件、接口、数据字典、许可、引用",
            (HOME,),
            structured_data=whole.structured_data,
        ),
        summary=(
            f"本站的 {len(units)} 个单位、{disclosures} 个公开件都可以作为数据取走，不用登记。",
            "数据照填报的原样，个人信息（手机号等）按规定遮蔽；网页上没有的，数据里也没有。",
        ),
        files=whole.files,
        years=tuple(year_link(year) for year in reversed(years)),
        formats=site.attachment_formats,
        licence=site.licence,
        publisher=site.organiser,
        site=site.name,
    )
