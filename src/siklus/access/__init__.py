"""Users, roles, scopes and the audit: who may see whom."""
