resource "google_storage_bucket" "evidence" {
  project                     = var.project
  name                        = coalesce(var.evidence.bucket, "${replace(replace(var.project, ":", "-"), ".", "-")}-firebreak-evidence")
  location                    = var.region
  labels                      = local.labels
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  # `terraform destroy` does not delete a bucket that holds evidence: it stops with an error. docs/deploy.md says how to continue.
  force_destroy = false

  retention_policy {
    retention_period = tostring(var.evidence.retention_days * 24 * 60 * 60)
    is_locked        = var.evidence.lock
  }

  dynamic "encryption" {
    for_each = var.kms_key == null ? [] : [var.kms_key]

    content {
      default_kms_key_name = encryption.value
    }
  }

  lifecycle {
    # The provider replaces a bucket for another name, and for a lock that is taken back. If the old bucket went first, so would contain's
    # permission to write to it, and as the bucket holds evidence it would not go: nothing would be kept until somebody saw to it.
    create_before_destroy = true
  }

  depends_on = [google_project_service.api, google_kms_crypto_key_iam_member.agent]
}
