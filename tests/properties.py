"""How hard the properties are tried: some examples in ``make test``, very many in ``make fuzz``.

Promises:  no example fails because the machine was busy. What failed once is tried first the next time.
Never:     changes what a test that names its own numbers asked for.
"""

from __future__ import annotations

import os

from hypothesis import settings

FUZZ_EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "2000"))

settings.register_profile("house", deadline=None, print_blob=True)
settings.register_profile("fuzz", deadline=None, print_blob=True, max_examples=FUZZ_EXAMPLES)
settings.load_profile("house")
