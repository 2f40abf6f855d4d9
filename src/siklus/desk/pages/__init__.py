"""What each page shows, as frozen values: answers and rows in, words out. No database, no request, no clock."""
