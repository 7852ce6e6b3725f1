"""How long what people say is kept: a number of months per source, shown beforehand, carried out every night."""
