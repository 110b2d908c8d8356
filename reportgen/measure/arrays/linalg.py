"""The judge of linear algebra: backward and forward errors, residuals, orthogonality."""
