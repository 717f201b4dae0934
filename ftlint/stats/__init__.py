"""Statistics of a dataset before training: how long, how many, who says what, in which script."""
