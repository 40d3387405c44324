from django.conf import settings
from django.db import models


class Passkey(models.Model):
    """
    A user's passkey: what Web Authentication Level 3 calls a credential record (section 4).

    django-otp keeps the other second factors. A class of our own keeps what checks a passkey (ceremonies.py) out of
    memory until one comes.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=64)
    credential_id = models.BinaryField(max_length=1023, unique=True)
    public_key = models.BinaryField(max_length=1023)  # a COSE_Key
    transports = models.JSONField(default=list)  # the ways to it, such as "usb", as its browser named them
    sign_count = models.PositiveBigIntegerField(default=0)  # 32 bits without a sign
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at"]
        default_permissions = ()  # nobody edits it: it is made and removed on its owner's Security page

    def __str__(self):
        return self.name
