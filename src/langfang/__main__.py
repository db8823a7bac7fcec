"""``python -m langfang``: the command line without its script."""

from langfang.cli import main

raise SystemExit(main())
