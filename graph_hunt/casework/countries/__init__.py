"""Countries: where accounts came from, told at once where the organisation's list says so."""
