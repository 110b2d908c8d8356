"""Pages from stored results. Needs neither the oracle nor the measured libraries."""
