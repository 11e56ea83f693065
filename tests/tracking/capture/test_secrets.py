import pytest

from mlflow.tracking.capture.secrets import holds_private_key, redacted_arguments, secret_name


@pytest.mark.parametrize(
    "path",
    [
        ".env", "a/.env.local", "prod.env", "k.pem", "server.KEY", "id_rsa", "a/id_ed25519", "credentials",
        ".aws/config",
        "x/.netrc", ".git-credentials", "hf_token", "token.txt", "secrets.toml", "client_secret_1.json", ".npmrc",
        "my-service-account.json", ".ssh/known_hosts", "kaggle.json", "a.tfstate",
    ],
)  # fmt: skip
def test_names_of_keys_and_passwords_are_known(path: str) -> None:
    assert secret_name(path)


@pytest.mark.parametrize(
    "path", ["train.py", "tokenizer.json", "tokenizer.py", "environment.yml", "keys.py", "models/monkey.txt", "env.py"]
)
def test_ordinary_names_are_not_taken_for_secrets(path: str) -> None:
    assert not secret_name(path)


@pytest.mark.parametrize(
    "content",
    [b"x\n-----BEGIN PRIVATE KEY-----\n", b"-----BEGIN OPENSSH PRIVATE KEY-----", b"AGE-SECRET-KEY-1QQ"],
    ids=["pkcs8", "openssh", "age"],
)
def test_private_keys_are_known_by_their_header(content: bytes) -> None:
    assert holds_private_key(content)
    assert not holds_private_key(b"-----BEGIN CERTIFICATE-----")


def test_arguments_lose_passwords_and_nothing_else() -> None:
    given = [
        "t.py",
        "--lr=0.1",
        "--password=p",
        "--api-key",
        "k",
        "db.token=t",
        "--url=https://u:p@h/x",
        "-v",
        "--token",
        "-q",
    ]
    assert redacted_arguments(given) == [
        "t.py", "--lr=0.1", "--password=[redacted]", "--api-key", "[redacted]", "db.token=[redacted]",
        "--url=https://h/x", "-v", "--token", "-q",
    ]  # fmt: skip
