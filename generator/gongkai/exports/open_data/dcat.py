"""What is offered as a whole, in words that catalogues and search engines know: DCAT, schema.org."""

from collections.abc import Sequence
from typing import Any

from gongkai.exports.open_data.about import FOLDER, PAGE, About, Offer

Linked = dict[str, Any]
"""JSON-LD."""
CATALOGUE = f"{PAGE}catalog.jsonld"
_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_MEDIA = "https://www.iana.org/assignments/media-types/"
_LANGUAGE = "zh-CN"


def catalogue(about: About, offers: Sequence[Offer]) -> Linked:
    """data/catalog.jsonld: DCAT 3."""
    publisher = {"@type": "foaf:Agent", "foaf:name": _chinese(about.organiser)}
    dataset = {
        "@id": about.address(FOLDER),
        "@type": "dcat:Dataset",
        "dct:title": _chinese(about.title),
        "dct:description": _chinese(about.description),
        "dct:identifier": about.address(FOLDER),
        "dct:publisher": publisher,
        "dct:language": _LANGUAGE,
        "dcat:keyword": [_chinese(each) for each in ("预算绩效", "绩效自评", "财政公开")],
        "dcat:landingPage": {"@id": about.address(PAGE) or "./"},
        **_temporal(about),
        **_modified(about),
        **_licence(about),
        "dcat:distribution": [_distribution(about, each) for each in offers],
    }
    return {
        "@context": _CONTEXT,
        "@id": about.address(CATALOGUE),
        "@type": "dcat:Catalog",
        "dct:title": _chinese(about.site),
        "dct:publisher": publisher,
        "dct:language": _LANGUAGE,
        **_licence(about),
        "dcat:dataset": [dataset],
    }


def _distribution(about: About, offer: Offer) -> Linked:
    packed = {"dcat:packageFormat": {"@id": f"{_MEDIA}{offer.packed}"}} if offer.packed else {}
    return {
        "@id": about.address(offer.path),
        "@type": "dcat:Distribution",
        "dct:title": _chinese(offer.title),
        "dct:format": offer.format,
        "dcat:mediaType": {"@id": f"{_MEDIA}{offer.media}"},
        **packed,
        "dcat:accessURL": {"@id": about.address(PAGE) or "./"},
        "dcat:downloadURL": {"@id": about.address(offer.path)},
        "dcat:byteSize": _typed(f"{offer.size}", "nonNegativeInteger"),
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": _typed(offer.sha256, "hexBinary"),
        },
        **_licence(about),
    }


def _temporal(about: About) -> Linked:
    if not about.years:
        return {}
    first, last = (_typed(f"{each}", "gYear") for each in (about.years[0], about.years[-1]))
    period = {"@type": "dct:PeriodOfTime", "dcat:startDate": first, "dcat:endDate": last}
    return {"dct:temporal": period}


def _modified(about: About) -> Linked:
    return {"dct:modified": _typed(about.updated, "date")} if about.updated else {}


def _licence(about: About) -> Linked:
    if not about.licence:
        return {}
    if about.licence_url:
        return {"dct:license": {"@id": about.licence_url}}
    terms = {"@type": "dct:LicenseDocument", "dct:title": _chinese(about.licence)}
    return {"dct:license": terms}


def _chinese(text: str) -> Linked:
    return {"@value": text, "@language": _LANGUAGE}


def _typed(text: str, kind: str) -> Linked:
    return {"@value": text, "@type": f"xsd:{kind}"}


def dataset(about: About, offers: Sequence[Offer]) -> Linked:
    """What the page of the data tells search engines: schema.org Dataset."""
    told: Linked = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": about.title,
        "description": f"{about.description}。",
        "inLanguage": _LANGUAGE,
        "isAccessibleForFree": True,
        "creator": {"@type": "GovernmentOrganization", "name": about.organiser},
        "keywords": ["预算绩效", "绩效自评", "财政公开"],
    }
    if about.site_url:
        told["url"] = about.address(PAGE)
    if about.licence:
        terms = {"@type": "CreativeWork", "name": about.licence}
        told["license"] = about.licence_url or terms
    if about.years:
        told["temporalCoverage"] = f"{about.years[0]}/{about.years[-1]}"
    if about.updated:
        told["dateModified"] = about.updated
    return told | {"distribution": [_download(about, each) for each in offers]}


def _download(about: About, offer: Offer) -> Linked:
    return {
        "@type": "DataDownload",
        "name": offer.title,
        "contentUrl": about.address(offer.path),
        "encodingFormat": offer.packed or offer.media,
        "contentSize": f"{offer.size} B",
        "sha256": offer.sha256,
    }
