from django.dispatch import Signal

categories_sorted = Signal()
"""Categories stand in another order among their siblings. Inside the transaction, which saves them in bulk."""
