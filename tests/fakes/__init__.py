"""Things that go wrong on purpose: a worker that misbehaves, libraries with known defects."""
