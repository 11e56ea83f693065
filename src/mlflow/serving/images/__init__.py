"""Images that serve a model: what goes in, the Dockerfile, the build, and manifests for clusters."""
