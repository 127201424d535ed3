"""What every test may use.

Promises:  the same plugins are loaded for every test, however pytest was started.
"""

pytest_plugins = ("tests.peering", "tests.properties", "tests.databases", "tests.offices")
