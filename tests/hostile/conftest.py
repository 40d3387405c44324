from tests.addresses import records, whole_site

__all__ = ["records", "whole_site"]
