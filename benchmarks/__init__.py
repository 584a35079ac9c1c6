"""What is measured, against what: `make bench` runs the package."""
