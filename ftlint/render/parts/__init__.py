"""What several output formats are made of."""
