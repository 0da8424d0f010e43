"""The published folder of the search index: content-hashed, and named by one small file.

    search/data.json             the folder's name, and the number of the index's format
    search/data.1a2b3c4d/…       the files of the index (see index), which never change under this name

So a browser never mixes the index of one release with another's, and may keep its files for long.
The build itself knows the files by their paths below INDEX_FOLDER, as most of them stay the same.
"""

import json
from collections.abc import Iterable, Mapping

from gongkai.runtime.hashing import hash_texts
from gongkai.runtime.writing import OutputFile
from gongkai.search.documents import INDEX_FOLDER, IndexedUnit

INDEX_POINTER = "search/data.json"
"""Path of the file that names the folder."""
INDEX_FORMAT = 2
"""Number of the index's format; files.js says which one it reads."""
_HASH_SIZE = 8
"""Number of hexadecimal digits."""


def index_set_folder(units: Mapping[str, IndexedUnit], index_files: Iterable[OutputFile]) -> str:
    """Return the published folder of an index, which ends with a slash: search/data.1a2b3c4d/."""
    files = sorted(f"{file.path}={file.digest}" for file in index_files)
    texts = (f"{name}={unit.text_hash}" for name, unit in units.items())
    return f"{INDEX_FOLDER.removesuffix('/')}.{hash_texts([*files, *texts])[:_HASH_SIZE]}/"


def index_pointer(folder: str) -> bytes:
    """Return the content of the file that names an index's published folder."""
    name = folder.rstrip("/").rpartition("/")[2]
    return f"{json.dumps({'format': INDEX_FORMAT, 'folder': name})}\n".encode()


def published_path(path: str, folder: str) -> str:
    """Return where the site has a file, given the index's published folder."""
    return folder + path[len(INDEX_FOLDER) :] if path.startswith(INDEX_FOLDER) else path
