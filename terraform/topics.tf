resource "google_pubsub_topic" "topic" {
  for_each = local.deployment.topics

  project = var.project
  name    = each.value
  labels  = local.labels
  # As long as Pub/Sub keeps anything: what a broken function let go by can be delivered again.
  message_retention_duration = "2678400s"
  kms_key_name               = var.kms_key

  message_storage_policy {
    allowed_persistence_regions = [var.region]
  }

  depends_on = [google_project_service.api, google_kms_crypto_key_iam_member.agent]
}

# A topic for each cluster whose Falco publishes.
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
