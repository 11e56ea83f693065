"""Models: manifest, signature, examples, environment, and the one way in which every kind is saved and loaded."""
