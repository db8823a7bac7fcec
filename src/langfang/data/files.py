"""Write a file whole or not at all: to the side first, then moved into place."""

import os
import shutil
import tempfile
from pathlib import Path

from langfang.errors import LangfangError


def write_whole(path, text):
    """Write ``text`` so that ``path`` holds the old bytes or the new ones at any moment, never a part.

    Returns
    -------
    bool
        Whether the bytes changed; a file that holds them already is not touched.
    """
    new = text.encode("utf-8")
    path = Path(path)
    old = path.read_bytes() if path.exists() else None
    if old == new:
        return False
    temporary = None
    try:
        with tempfile.NamedTemporaryFile(
            dir=path.parent, prefix=f".{path.name}.", suffix=".tmp", delete=False
        ) as file:
            temporary = file.name
            file.write(new)
            file.flush()
            os.fsync(file.fileno())
        if old is None:
            os.chmod(temporary, 0o644)  # a temporary file is its owner's alone
        else:
            shutil.copymode(path, temporary)
        os.replace(temporary, path)
    except OSError as error:
        raise LangfangError(
            f"{path}: cannot be written ({error.strerror or error}); the file is left as it was"
        ) from None
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
    return True
