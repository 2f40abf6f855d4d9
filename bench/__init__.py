"""Figures of speed and size: `python -m bench NAME [--quick]`, one figure a command; `all` writes them down.

Ratios are measured side by side in one run, never against figures of another day: cores are shared and clocks wander.
Every figure also checks that what it timed was right, and says so.
"""
