"""What happened to each kind of person in two years. Every story says first how it ends, then writes the records of it,
and tells the account what it decided: the known answers come from the story, not from counting records."""
