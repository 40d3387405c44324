"""The site as production serves it: Granian's processes, a database in a file, and the page cache before them."""
