"""Measuring the site: `make bench`. None of this is served."""
