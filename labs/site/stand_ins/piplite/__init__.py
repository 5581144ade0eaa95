"""Stands in for piplite, by which the kernel of JupyterLite installs packages."""

from micropip import install

__all__ = ["install"]
