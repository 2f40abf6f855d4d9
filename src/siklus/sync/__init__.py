"""The device protocol: phones are enrolled, push what they wrote, pull what is theirs to know, and nothing is lost."""
