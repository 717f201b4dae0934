"""What training costs: states of datasets counted in one scan, charged on targets' terms, and held together."""
