"""What every HTTP server here stands on: processes, threads, protocol, requests and answers; without any endpoint."""
