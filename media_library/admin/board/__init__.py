"""How the library is doing: the dashboard, the health board, and the statistics of one asset."""
