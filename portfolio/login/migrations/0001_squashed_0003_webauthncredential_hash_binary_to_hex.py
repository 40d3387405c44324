"""The tables of django-otp-webauthn 0.10, under the name of its migration (apps.py)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="WebAuthnCredential",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=64)),
                ("confirmed", models.BooleanField(default=True)),
                ("credential_type", models.CharField(default="public-key", max_length=32)),
                ("credential_id", models.BinaryField(max_length=1023)),
                ("public_key", models.BinaryField(max_length=1023)),
                ("transports", models.JSONField(default=list)),
                ("sign_count", models.PositiveIntegerField(default=0)),
                ("backup_eligible", models.BooleanField(default=False)),
                ("backup_state", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, null=True)),
                ("last_used_at", models.DateTimeField(null=True)),
                ("aaguid", models.CharField(max_length=36)),
                ("credential_id_sha256", models.CharField(max_length=64, unique=True)),
                ("discoverable", models.BooleanField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passkeys",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"ordering": ["created_at", "pk"], "default_permissions": ()},
        ),
        migrations.CreateModel(
            name="WebAuthnAttestation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fmt", models.CharField(max_length=255)),
                ("data", models.BinaryField()),
                ("client_data_json", models.BinaryField()),
                (
                    "credential",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attestation",
                        to="django_otp_webauthn.webauthncredential",
                    ),
                ),
            ],
            options={"default_permissions": ()},
        ),
        migrations.AddIndex(
            model_name="webauthncredential",
            index=models.Index(fields=["credential_id_sha256"], name="webauthncredential_sha256_idx"),
        ),
    ]
