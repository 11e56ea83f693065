"""The open inference protocol (KServe's v2): tensors in, tensors out, beside MLflow's own requests."""
