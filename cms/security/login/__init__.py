"""Who guesses passwords waits (django-axes), and nobody can keep the owner of an account out for good."""
