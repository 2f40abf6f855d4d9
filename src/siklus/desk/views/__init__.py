"""One module a page: ask the rooms below, hand the answers to `pages`, render. No sums, no words of its own."""
