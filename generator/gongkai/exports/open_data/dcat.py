"""Metadata of the complete dataset as JSON-LD: DCAT 3 for catalogues, schema.org for search engines."""

from collections.abc import Sequence
from typing import Any

from gongkai.exports.open_data.about import BULK_FOLDER, DATA_PAGE, DatasetFile, DatasetMetadata

JsonLd = dict[str, Any]
"""A JSON-LD object."""
CATALOGUE_PATH = f"{DATA_PAGE}catalog.jsonld"
"""Path of the DCAT catalogue, from the site's root."""
_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_MEDIA = "https://www.iana.org/assignments/media-types/"
_LANGUAGE = "zh-CN"


def dcat_catalogue(metadata: DatasetMetadata, distributions: Sequence[DatasetFile]) -> JsonLd:
    """Return the content of data/catalog.jsonld (DCAT 3)."""
    publisher = {"@type": "foaf:Agent", "foaf:name": _chinese(metadata.organiser)}
    dataset = {
        "@id": metadata.resolve_url(BULK_FOLDER),
        "@type": "dcat:Dataset",
        "dct:title": _chinese(metadata.title),
        "dct:description": _chinese(metadata.description),
        "dct:identifier": metadata.resolve_url(BULK_FOLDER),
        "dct:publisher": publisher,
        "dct:language": _LANGUAGE,
        "dcat:keyword": [_chinese(keyword) for keyword in ("预算绩效", "绩效自评", "财政公开")],
        "dcat:landingPage": {"@id": metadata.resolve_url(DATA_PAGE) or "./"},
        **_temporal(metadata),
        **_modified(metadata),
        **_licence(metadata),
        "dcat:distribution": [
            _dcat_distribution(metadata, distribution) for distribution in distributions
        ],
    }
    return {
        "@context": _CONTEXT,
        "@id": metadata.resolve_url(CATALOGUE_PATH),
        "@type": "dcat:Catalog",
        "dct:title": _chinese(metadata.site),
        "dct:publisher": publisher,
        "dct:language": _LANGUAGE,
        **_licence(metadata),
        "dcat:dataset": [dataset],
    }


def _dcat_distribution(metadata: DatasetMetadata, distribution: DatasetFile) -> JsonLd:
    package = (
        {"dcat:packageFormat": {"@id": f"{_MEDIA}{distribution.package_type}"}}
        if distribution.package_type
        else {}
    )
    return {
        "@id": metadata.resolve_url(distribution.path),
        "@type": "dcat:Distribution",
        "dct:title": _chinese(distribution.title),
        "dct:format": distribution.format,
        "dcat:mediaType": {"@id": f"{_MEDIA}{distribution.media_type}"},
        **package,
        "dcat:accessURL": {"@id": metadata.resolve_url(DATA_PAGE) or "./"},
        "dcat:downloadURL": {"@id": metadata.resolve_url(distribution.path)},
        "dcat:byteSize": _typed(f"{distribution.size}", "nonNegativeInteger"),
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": _typed(distribution.sha256, "hexBinary"),
        },
        **_licence(metadata),
    }


def _temporal(metadata: DatasetMetadata) -> JsonLd:
    if not metadata.years:
        return {}
    first, last = (_typed(f"{year}", "gYear") for year in (metadata.years[0], metadata.years[-1]))
    period = {"@type": "dct:PeriodOfTime", "dcat:startDate": first, "dcat:endDate": last}
    return {"dct:temporal": period}


def _modified(metadata: DatasetMetadata) -> JsonLd:
    return {"dct:modified": _typed(metadata.updated, "date")} if metadata.updated else {}


def _licence(metadata: DatasetMetadata) -> JsonLd:
    if not metadata.licence:
        return {}
    if metadata.licence_url:
        return {"dct:license": {"@id": metadata.licence_url}}
    terms = {"@type": "dct:LicenseDocument", "dct:title": _chinese(metadata.licence)}
    return {"dct:license": terms}


def _chinese(text: str) -> JsonLd:
    return {"@value": text, "@language": _LANGUAGE}


def _typed(text: str, kind: str) -> JsonLd:
    return {"@value": text, "@type": f"xsd:{kind}"}


def schema_org_dataset(metadata: DatasetMetadata, distributions: Sequence[DatasetFile]) -> JsonLd:
    """Return the schema.org Dataset that the data page embeds for search engines."""
    graph: JsonLd = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": metadata.title,
        "description": f"{metadata.description}。",
        "inLanguage": _LANGUAGE,
        "isAccessibleForFree": True,
        "creator": {"@type": "GovernmentOrganization", "name": metadata.organiser},
        "keywords": ["预算绩效", "绩效自评", "财政公开"],
    }
    if metadata.site_url:
        graph["url"] = metadata.resolve_url(DATA_PAGE)
    if metadata.licence:
        terms = {"@type": "CreativeWork", "name": metadata.licence}
        graph["license"] = metadata.licence_url or terms
    if metadata.years:
        graph["temporalCoverage"] = f"{metadata.years[0]}/{metadata.years[-1]}"
    if metadata.updated:
        graph["dateModified"] = metadata.updated
    downloads = [_data_download(metadata, distribution) for distribution in distributions]
    return graph | {"distribution": downloads}


def _data_download(metadata: DatasetMetadata, distribution: DatasetFile) -> JsonLd:
    return {
        "@type": "DataDownload",
        "name": distribution.title,
        "contentUrl": metadata.resolve_url(distribution.path),
        "encodingFormat": distribution.package_type or distribution.media_type,
        "contentSize": f"{distribution.size} B",
        "sha256": distribution.sha256,
    }
