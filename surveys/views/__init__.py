"""The pages of surveys: answering one, and reading what was published."""
