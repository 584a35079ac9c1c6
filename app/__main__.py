"""`python -m app` is `teak`."""

from __future__ import annotations

import sys

from app.composition import main

sys.exit(main())
