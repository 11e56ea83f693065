"""Models that answer requests: the scoring server, and predictions for files.

settings     what a server is told when it starts
app          the endpoints, and who may call them
exchanges    a request for predictions, from its head to those who watch
wire         what tells one protocol of predictions from another
scoring      MLflow's own protocol
inference/   the open inference protocol, with tensors
forms        the form of a body by its name
traffic/     who answers whom, among several models
ab/          which of them does better for those who ask, and what follows
variants     the models of a server, and their versions
reload       new versions behind an alias, without a restart
batching     requests that wait at the same time, gathered
together     and answered by one call of the model
frames       the simplest bodies -> arrays
requests     bodies -> what a model is called with
scorer       the loaded model: one request from bytes to bytes
answers      predictions -> JSON
refusals     failures as MLflow answers them
failures     what a model's own exceptions say
control      the endpoints that show and steer the traffic
monitoring/  sampled requests, drift, monitors of a user's own
document     the OpenAPI description, from the model's signature
client       predictions and rewards, for those who ask
run          processes, signals
batch/       files -> predictions, in pieces
"""
