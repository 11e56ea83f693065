from mlflow.testing import WebhooksSuite


class TestWebhooks(WebhooksSuite):
    """On every kind of database."""
