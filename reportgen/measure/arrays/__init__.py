"""Functions of whole arrays: asking libraries (``asking``), one case (``case``), and a judge a kind of function."""
