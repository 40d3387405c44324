"""What anybody can send, tried: nothing breaks the site, and nothing runs."""
