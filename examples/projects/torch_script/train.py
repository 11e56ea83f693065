"""Fit a small network to a sine; there is no MLproject file, so the script itself is the entry point."""

import argparse

import torch

import mlflow

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=50)
parser.add_argument("--lr", type=float, default=0.05)
parser.add_argument("--seed", type=int, default=0)
given = parser.parse_args()

torch.manual_seed(given.seed)
inputs = torch.linspace(-3, 3, 128).unsqueeze(1)
targets = torch.sin(inputs)
network = torch.nn.Sequential(torch.nn.Linear(1, 32), torch.nn.Tanh(), torch.nn.Linear(32, 1))
optimizer = torch.optim.Adam(network.parameters(), lr=given.lr)

with mlflow.start_run():
    for epoch in range(given.epochs):
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(network(inputs), targets)
        loss.backward()
        optimizer.step()
        mlflow.log_metric("loss", loss.item(), step=epoch)
