# Two databases, because permissions are granted for each database.
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
  # `terraform destroy` forgets the databases and does not delete them: they record what was done and how to undo it.
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
  # No query searches these fields, so an index would only cost money.
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

  # After `expireAt` nothing needs the document any more, and Firestore deletes it, usually within a day.
  dynamic "ttl_config" {
    for_each = each.value.field == "expireAt" ? [1] : []

    content {}
  }
}
