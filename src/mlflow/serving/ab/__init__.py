"""Experiments on live traffic: which of a server's models does better, and what follows.

plan        what an experiment is told: metric, guardrails, rule
sequential  whether two variants earn different rewards; exact, and valid at any time
ratio       whether requests were divided as the weights say
assigned    which requests count for that
intervals   how large a difference may be
excess      whether more answers are bad than a guardrail allows
tallies     what is counted of requests
database    the file that processes share and a restart keeps, and the right to decide
ledger      requests and rewards, joined
experiment  an experiment as it stands
records     experiments and what operators ask, in the database
judgement   figures -> verdict and next step; changes nothing
recorder    the answers of one process, on their way into the ledger
decider     the one process that counts, judges, and does what follows
registry    aliases and evidence
results     runs in the tracking server
outbox      what other servers are to be told, until they have taken it
errands     calls that may wait for another server
live        `LiveExperiment`: all of it together, in one process of a server
description the endpoints, for the OpenAPI document
measures    what `/metrics` tells
endpoints   `POST /rewards`, `GET /ab`, `POST /ab`
"""
