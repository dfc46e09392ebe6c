# Incidents and memories apart: rights are granted by database.
resource "google_firestore_database" "database" {
  for_each = local.deployment.databases

  project                           = var.project
  name                              = each.value
  location_id                       = var.region
  type                              = "FIRESTORE_NATIVE"
  concurrency_mode                  = "OPTIMISTIC"
  app_engine_integration_mode       = "DISABLED"
  point_in_time_recovery_enablement = "POINT_IN_TIME_RECOVERY_ENABLED"
  delete_protection_state           = "DELETE_PROTECTION_ENABLED"
  # `terraform destroy` lets go of the databases and leaves them: they say what was done and how it is taken back.
  deletion_policy = "ABANDON"

  dynamic "cmek_config" {
    for_each = var.kms_key == null ? [] : [var.kms_key]

    content {
      kms_key_name = cmek_config.value
    }
  }

  depends_on = [google_project_service.api, google_kms_crypto_key_iam_member.agent]
}

locals {
  # Found by the name of their document alone: an index would only cost.
  unindexed = merge([
    for database, collections in local.deployment.collections : merge([
      for collection in collections : {
        for field in ["body", "rev", "updatedAt", "expireAt"] :
        "${database}/${collection}/${field}" => { database = database, collection = collection, field = field }
      }
    ]...)
  ]...)
}

resource "google_firestore_field" "unindexed" {
  for_each = local.unindexed

  project    = var.project
  database   = google_firestore_database.database[each.value.database].name
  collection = each.value.collection
  field      = each.value.field

  index_config {}

  # From this time on nothing needs a document any more: the database drops it within a day.
  dynamic "ttl_config" {
    for_each = each.value.field == "expireAt" ? [1] : []

    content {}
  }
}
