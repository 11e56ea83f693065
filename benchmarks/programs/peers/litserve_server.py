"""LitServe: the estimator behind MLflow's form of a request."""

import sys

import joblib
import litserve
import pandas as pd


class Scored(litserve.LitAPI):
    def setup(self, device):
        self.estimator = joblib.load("estimator.joblib")

    def decode_request(self, request):
        table = request["dataframe_split"]
        return pd.DataFrame(table["data"], columns=table["columns"])

    def predict(self, frame):
        return self.estimator.predict(frame).tolist()

    def encode_response(self, output):
        return {"predictions": output}


if __name__ == "__main__":
    server = litserve.LitServer(Scored(api_path="/invocations"), accelerator="cpu")
    server.run(host="127.0.0.1", port=int(sys.argv[1]), generate_client_file=False, log_level="warning")
