"""PostgreSQL, Valkey and the processes around them, for whoever has none: the demo and the tests."""
