"""Several models behind one address: who answers which request, and how that changes while the server runs.

routes        what a server is started with: variants, weights, shadows, the sticky key
split         key -> bucket -> variant; a pure function, and how few buckets a change moves
ramps         a share that grows over time
keys          the id and the sticky key of a request
state         what processes share and a restart keeps: routing, events, counts, in one SQLite file
traffic       `Traffic`: all of it together, and the seam for what is built on it
observations  an answered request, as watchers see it
shadows       copies of requests whose answers nobody sees, compared with those that callers got
comparison    how far two answers differ

What experiments, monitors and the like are built on is `Traffic`; the server makes one in each process and calls
`start` and `close`::

    traffic.answering                      # the variants: name, model_uri, weight as started
    traffic.weights                        # {"champion": 90.0, "challenger": 10.0}, as they are now
    traffic.choose(key)                    # who answers whom; pure, microseconds
    traffic.set_weights({"champion": 100, "challenger": 0}, "error rate", {"rate": 0.2})
    traffic.set_ramp(parse_ramp("challenger=5,25,50:10m"), "looks good")
    traffic.observe(observer)              # observer(observation) after each answer, in the event loop
    traffic.every_tick(tick)               # tick() twice a second, in a thread that may block
    traffic.state.note(Event(kind="rollback", variant="challenger", message="…", evidence={…}))
    traffic.state.events(), .counts()      # of all processes, also from before a restart
    traffic.state.folder                   # where to keep further files; None for a server without a state folder

`set_weights` and `set_ramp` may be called from any thread of any process that has opened the same state; every process
of the server follows within a second. Another program, such as a command, does so with
`Traffic(routing.told, State.open(folder))`, where `routing` is `State.open(folder).routing()`.
"""
