"""Teak: the desk of a national carbon-credit registry."""

__version__ = "0.1.0"
