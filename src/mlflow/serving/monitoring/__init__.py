"""What becomes of a model's inputs and answers: sampled requests, drift against a baseline, custom monitors, limits.

settings  what a monitor is told
samples   a sampled request, and the line that may be stored of it
baseline  where the profile comes from that requests are compared with (`mlflow.models.profile`)
windows   requests of a stretch of time, and what is measured of them
custom    a user's own monitors
monitor   all of it: windows, limits, stored requests
record    the run that findings go to
process   the process that a monitor is; the server starts it
link      from the processes that answer to that one
"""
