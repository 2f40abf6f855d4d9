"""The record log and what follows from it: state and needs."""
