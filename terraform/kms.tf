# Asked for, because asking makes it where it is not there yet.
data "google_storage_project_service_account" "this" {
  count = var.kms_key == null ? 0 : 1

  project = var.project
}

locals {
  # Whose services write what is encrypted with a key of one's own.
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
}
