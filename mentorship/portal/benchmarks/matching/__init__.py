"""The matching engine, measured beside its goals and its peers: seconds, memory, pairs priced, people placed."""
