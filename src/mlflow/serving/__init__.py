"""Models that answer requests: the scoring server, and predictions for files.

settings   what a server is told when it starts
requests   bodies -> what a model is called with
scorer     the loaded model: one request from bytes to bytes
answers    predictions -> JSON
app        the endpoints, their limits and who may call them
document   the OpenAPI description, from the model's signature
run        processes, signals
batch/     files -> predictions, in pieces
"""
