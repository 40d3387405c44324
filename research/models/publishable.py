"""What publications and projects share: drafts, a date of publication, and an address that never breaks."""

import uuid

from django.db import models
from django.db.models import ExpressionWrapper, Q
from django.utils import timezone


class PublishableQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What `user` may see: everything for staff, for anybody else what is published and whose time has come."""
        return self.seen_by(user.is_staff)

    def seen_by(self, is_staff, now=None):
        """What staff, or anybody, may see."""
        return self if is_staff else self.public(now)

    def public(self, now=None):
        """What everybody may see, now or at the time that is given."""
        return self.filter(public_at(now))

    def publicity(self, now=None):
        """Rows of the key of each record, and of whether everybody may see it."""
        return self.values_list("pk", ExpressionWrapper(public_at(now), models.BooleanField()))

    def awaited(self):
        """What becomes public by itself, later."""
        return self.filter(publish_at__gt=timezone.now(), status=Publishable.Status.PUBLISHED)


class Publishable(models.Model):
    class Status(models.TextChoices):
        PUBLISHED = "published", "Published"
        DRAFT = "draft", "Draft"

    status = models.CharField(
        max_length=10,
        choices=Status,
        default=Status.PUBLISHED,
        help_text="A draft is seen by you alone, when you are logged in, and by those to whom you give a link to it.",
    )
    publish_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Leave empty to publish at once. A later time (UTC), such as the end of an embargo, keeps it hidden "
        "until then.",
    )
    # What a feed calls it, for good: an address changes with a slug or the site's name.
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    objects = PublishableQuerySet.as_manager()

    RESERVED_SLUGS = frozenset()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=("published", "draft")),
                name="%(class)s_status_is_known",
            )
        ]

    @property
    def is_public(self):
        """Whether everybody may see it, now; says the same as `public_at`."""
        return is_public(self.status, self.publish_at)


def public_at(now=None):
    """The condition under which everybody may see a record, now or at the time that is given."""
    is_due = Q(publish_at=None) | Q(publish_at__lte=now or timezone.now())
    return is_due & Q(status=Publishable.Status.PUBLISHED)


def is_public(status, publish_at):
    """Whether everybody may see, now, what has these values."""
    return status == Publishable.Status.PUBLISHED and (publish_at is None or publish_at <= timezone.now())


class FormerSlug(models.Model):
    """A slug that a record had before it was renamed, so that its old addresses lead to the new one."""

    slug = models.SlugField(max_length=100, unique=True)

    class Meta:
        abstract = True

    def __str__(self):
        return self.slug


def keep_old_address(sender, instance, raw=False, **kwargs):
    """Before a record is saved: if its slug changes, remember the old one, so that its address still leads here."""
    if raw or instance.pk is None:
        return
    old_slug = sender._base_manager.filter(pk=instance.pk).values_list("slug", flat=True).first()
    if old_slug and old_slug != instance.slug:
        former_slugs = instance.former_slugs.model.objects
        former_slugs.filter(slug=instance.slug).delete()
        former_slugs.update_or_create(slug=old_slug, defaults={instance.former_slugs.field.name: instance})


def connect(*models_with_slugs):
    """Watch the models; called once, when the app is ready."""
    for model in models_with_slugs:
        models.signals.pre_save.connect(keep_old_address, sender=model, dispatch_uid=f"slug-{model._meta.label}")
