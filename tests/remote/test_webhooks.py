from mlflow.testing import WebhooksSuite


class TestWebhooks(WebhooksSuite):
    """Over HTTP."""
