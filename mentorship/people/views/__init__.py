"""The pages of people: signing in, the shared computer, and the person's own profile."""
