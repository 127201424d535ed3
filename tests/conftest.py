"""What every test may use.

Promises:  the peers plugin is loaded for every test, however pytest was started.
"""

pytest_plugins = ("tests.peering", "tests.databases", "tests.offices")
