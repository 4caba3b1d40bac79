"""A storm over the outbox: real workers, a mail server, broker and database of its own, and what hits them."""
