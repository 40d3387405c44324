"""What sources have found becomes rows: matched, compared, reviewed, written. Nothing here asks the network."""
