"""Siklus: the open-source digital system of Integrasi Layanan Primer."""
