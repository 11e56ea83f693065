"""Split the iris data into two CSV files."""

import argparse
from pathlib import Path

from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split

parser = argparse.ArgumentParser()
parser.add_argument("--test-share", type=float, default=0.25)
parser.add_argument("--seed", type=int, default=7)
given = parser.parse_args()

frame = load_iris(as_frame=True).frame
train, test = train_test_split(frame, test_size=given.test_share, random_state=given.seed)
Path("data").mkdir(exist_ok=True)
train.to_csv("data/train.csv", index=False)
test.to_csv("data/test.csv", index=False)
