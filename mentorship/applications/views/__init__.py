"""The pages of the one who applies."""
