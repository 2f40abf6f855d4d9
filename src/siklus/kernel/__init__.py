"""Days, months, periods, ids, place codes and problems. Standard library only."""
