"""A small living world, made through HTTP: people, faces, answers, reviews and a release to look at."""
