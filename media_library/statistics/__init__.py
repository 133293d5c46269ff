"""How often assets are seen, what they take and what they save: counted in bulk, summed up in few queries."""
