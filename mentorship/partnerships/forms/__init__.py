"""What members type about their meetings, goals and notes."""
