"""Riverbend Public Library: an invented library system to try the program on, and to measure it with."""
