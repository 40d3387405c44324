import logging

from django.core.management.base import BaseCommand

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Says in the log, and to the owner by mail, that a job of the timetable has failed. deploy/task calls it."

    def add_arguments(self, parser):
        parser.add_argument("job", help="its name in the timetable")

    def handle(self, job, **options):
        # Its name is in the message itself, so that each job is a kind of error of its own (error_mail.py).
        logger.error(f"The job “{job}” has failed\nWhy: journalctl -u portfolio-task@{job}")
