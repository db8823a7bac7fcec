"""Files are written whole or not at all: to the side first, then moved into place."""

import os
import shutil
from pathlib import Path

from langfang.errors import LangfangError


def write_whole(path, text):
    """Write a text; returns whether the bytes changed: a file that holds them already is not touched."""
    path, new = Path(path), text.encode("utf-8")
    if path.exists() and path.read_bytes() == new:
        return False
    aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with aside.open("wb") as file:
            file.write(new)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, aside)
        os.replace(aside, path)
    except OSError as error:
        reason = error.strerror or error
        raise LangfangError(f"{path}: cannot be written ({reason}); the file is left as it was") from None
    finally:
        aside.unlink(missing_ok=True)
    return True
