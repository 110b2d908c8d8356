"""Reading specs, running targets in worker processes, and scoring what they answer."""
