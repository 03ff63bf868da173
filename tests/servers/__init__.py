"""Real servers on loopback, each a class with `start()` and `stop()`; the fixtures are in tests/conftest.py."""
