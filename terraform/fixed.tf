# What an apply cannot change later: databases, buckets and secrets keep their place and key, and would have to be made anew. Half of
# that fails (the databases cannot be deleted), and leaves functions without the secrets that they mount. So the plan refuses it.
resource "terraform_data" "fixed" {
  input = { project = var.project, region = var.region, kms_key = var.kms_key }

  lifecycle {
    # Keeps what the first apply stored.
    ignore_changes = [input]

    postcondition {
      condition     = self.input.project == var.project && self.input.region == var.region && self.input.kms_key == var.kms_key
      error_message = "project, region and kms_key cannot be changed after the first apply, and nothing was changed. Set them back to ${self.input.project}, ${self.input.region} and ${self.input.kms_key == null ? "no kms_key" : self.input.kms_key}, or take this deployment away first, as docs/deploy.md says, and deploy again."
    }
  }
}
