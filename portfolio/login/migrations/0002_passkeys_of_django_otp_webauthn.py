"""Passkeys of the time when django-otp-webauthn kept them. Its tables stay, for a way back to the program before."""

from django.db import migrations

EARLIER = "django_otp_webauthn_webauthncredential"
KEPT = "user_id, name, credential_id, public_key, transports, sign_count, created_at, last_used_at"


def take_over(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        if EARLIER in connection.introspection.table_names(cursor):
            copy = f"INSERT INTO login_passkey ({KEPT}) SELECT {KEPT} FROM {EARLIER} WHERE confirmed"  # noqa: S608
            cursor.execute(copy)


class Migration(migrations.Migration):
    dependencies = [("login", "0001_passkey")]

    operations = [migrations.RunPython(take_over, migrations.RunPython.noop)]
