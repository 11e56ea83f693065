"""A store that is a server: every interface's client, derived from its routes."""
