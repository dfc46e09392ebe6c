# Reading this service account creates it if it does not exist yet.
data "google_storage_project_service_account" "this" {
  count = var.kms_key == null ? 0 : 1

  project = var.project
}

locals {
  # The service agents that use the key to encrypt.
  encrypting = var.kms_key == null ? {} : {
    pubsub     = local.agents.pubsub
    storage    = data.google_storage_project_service_account.this[0].member
    secrets    = "serviceAccount:service-${local.number}@gcp-sa-secretmanager.iam.gserviceaccount.com"
    firestore  = "serviceAccount:service-${local.number}@gcp-sa-firestore.iam.gserviceaccount.com"
    containers = "serviceAccount:service-${local.number}@gcp-sa-artifactregistry.iam.gserviceaccount.com"
    functions  = "serviceAccount:service-${local.number}@gcf-admin-robot.iam.gserviceaccount.com"
    run        = "serviceAccount:service-${local.number}@serverless-robot-prod.iam.gserviceaccount.com"
  }
}

resource "google_kms_crypto_key_iam_member" "agent" {
  for_each = local.encrypting

  crypto_key_id = var.kms_key
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = each.value

  # Google creates most of these agents when the API is enabled, and IAM refuses an agent that does not exist.
  depends_on = [google_project_service.api]
}
