"""Processors for libraries that generate text."""
