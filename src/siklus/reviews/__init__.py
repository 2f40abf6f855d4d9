"""What people say of the rules: each approval and question with its name, day and the version it was said of."""
