"""What every test of the whole program shares."""

from __future__ import annotations

from tests.support.fake_waves import fake_waves

__all__ = ["fake_waves"]
