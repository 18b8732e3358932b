"""Reads the annotated C headers and writes everything that can be derived from them."""
