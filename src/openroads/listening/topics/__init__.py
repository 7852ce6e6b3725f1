"""Topics: Boolean queries under a name, in versions, with the posts of the archive filed under them."""
