"""``python -m gateway.cli``: the same program as ``lienthong``, for a checkout that was not installed."""

import sys

from gateway.cli.frame import main

sys.exit(main())
