resource "google_pubsub_topic" "topic" {
  for_each = local.deployment.topics

  project = var.project
  name    = each.value
  labels  = local.labels
  # 31 days, the maximum, so that messages that a broken function acknowledged can be delivered again.
  message_retention_duration = "2678400s"
  kms_key_name               = var.kms_key

  message_storage_policy {
    allowed_persistence_regions = [var.region]
  }

  depends_on = [google_project_service.api, google_kms_crypto_key_iam_member.agent]
}

# A topic for each cluster that has `falco` set.
resource "google_pubsub_topic" "falco" {
  for_each = local.falco

  project                    = var.project
  name                       = "firebreak-${each.key}"
  labels                     = local.labels
  message_retention_duration = "2678400s"
  kms_key_name               = var.kms_key

  message_storage_policy {
    allowed_persistence_regions = [var.region]
  }

  depends_on = [google_project_service.api, google_kms_crypto_key_iam_member.agent]
}
