# Cloud Build builds the functions as this account. The default account is an editor of the project, or, where an organization took
# that role from it, cannot build.
resource "google_service_account" "build" {
  project      = var.project
  account_id   = "firebreak-build"
  display_name = "Firebreak build"
  description  = "Cloud Build makes the containers of Firebreak's functions as this account"

  depends_on = [google_project_service.api]
}

resource "google_project_iam_member" "build" {
  for_each = {
    logs = { role = "roles/logging.logWriter", expression = null }
    # Cloud Functions copies an archive into a bucket of its own before the build. With a key, the bucket's name goes on after the region
    # with a hash of the key, so the condition leaves the end of the name open.
    source = {
      role       = "roles/storage.objectViewer"
      expression = "resource.name.startsWith(\"projects/_/buckets/${google_storage_bucket.source.name}/\") || resource.name.startsWith(\"projects/_/buckets/gcf-v2-sources-${local.number}-${var.region}${var.kms_key == null ? "/" : "-"}\")"
    }
  }

  project = var.project
  role    = each.value.role
  member  = google_service_account.build.member

  dynamic "condition" {
    for_each = each.value.expression == null ? [] : [each.value.expression]

    content {
      title       = "sources of functions"
      description = "Firebreak: the archives that are built"
      expression  = condition.value
    }
  }
}

resource "google_artifact_registry_repository" "functions" {
  project       = var.project
  location      = var.region
  repository_id = "firebreak-functions"
  description   = "Containers of Firebreak's functions"
  format        = "DOCKER"
  labels        = local.labels
  kms_key_name  = var.kms_key

  depends_on = [google_project_service.api, google_kms_crypto_key_iam_member.agent]
}

resource "google_artifact_registry_repository_iam_member" "build" {
  project    = var.project
  location   = var.region
  repository = google_artifact_registry_repository.functions.name
  role       = "roles/artifactregistry.writer"
  member     = google_service_account.build.member
}

resource "google_storage_bucket" "source" {
  project                     = var.project
  name                        = "${replace(replace(var.project, ":", "-"), ".", "-")}-firebreak-source"
  location                    = var.region
  labels                      = local.labels
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  # The same commit builds the same archives, byte for byte, so nothing is lost.
  force_destroy = true

  dynamic "encryption" {
    for_each = var.kms_key == null ? [] : [var.kms_key]

    content {
      default_kms_key_name = encryption.value
    }
  }

  depends_on = [google_project_service.api, google_kms_crypto_key_iam_member.agent]
}
