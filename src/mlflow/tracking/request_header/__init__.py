"""Headers that every request to a server carries: providers, built in and from plugins."""
