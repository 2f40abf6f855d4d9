"""The Django app `reviews`."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "siklus.reviews"
    label = "reviews"
    verbose_name = "Telaah aturan"
