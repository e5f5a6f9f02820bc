"""Ops Console: the operations-management console of an MLOps team."""
