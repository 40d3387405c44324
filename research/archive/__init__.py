"""
Backup and restore: the whole site in one archive, and back.

`container` is the archive as a file, `rows` the database as lines of JSON, `backup` and `restore` join the two,
`copies` encrypts it for a bucket, by a key that `passphrase` seals,
`trials` are the folders in which archives are tried out, and `keeping` says which of many backups stay.
"""
