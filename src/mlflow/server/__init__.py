"""The server: any store over HTTP, through the routes its interfaces declare."""
