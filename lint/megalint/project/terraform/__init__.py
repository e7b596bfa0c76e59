"""Terraform: modules with their inputs, and the user data that their resources hand over."""
