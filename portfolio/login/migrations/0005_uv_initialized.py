from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("django_otp_webauthn", "0004_webauthnuserhandle")]

    operations = [
        migrations.AddField(
            "webauthncredential", "uv_initialized", models.BooleanField(db_default=False, default=False)
        ),
    ]
