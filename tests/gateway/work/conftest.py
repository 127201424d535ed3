"""What the tests of the work share.

Promises:  ``post`` is one post for the tests of a module, over the world of that module.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.gateway.work.posting import Post, opened_post
from tests.offices import World


@pytest.fixture(scope="module")
def post(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    """One post for the tests of a module."""
    with opened_post(world, tmp_path_factory.mktemp("outside")) as one:
        yield one
