"""What is measured: functions and targets, as data."""
