"""The pages of those who work together."""
