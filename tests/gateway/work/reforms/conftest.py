"""What the tests of reforms share.

Promises:  ``post`` is one post for the tests of a module, over the province of tests/gateway/work/reform.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.gateway.work.posting import Post, opened_post
from tests.gateway.work.reform import MAILBOXES, reformed
from tests.offices import World


@pytest.fixture(scope="module")
def post(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    """A post over the reformed province."""
    reformed(world)
    with opened_post(world, tmp_path_factory.mktemp("outside"), more=MAILBOXES) as one:
        yield one
