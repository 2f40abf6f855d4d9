"""The Django app `register`."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "siklus.register"
    label = "register"
    verbose_name = "Pendaftaran"
