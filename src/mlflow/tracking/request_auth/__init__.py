"""Ways to sign requests, by name: providers from plugins."""
