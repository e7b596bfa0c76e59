"""HCL and the template language of Terraform: one grammar for both, and their evaluation."""
