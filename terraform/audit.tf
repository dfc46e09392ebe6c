locals {
  audited = var.data_access_logs ? {
    # Reads in clusters: the audit configuration of this service also controls the Data Access logs of k8s.io.
    "container.googleapis.com" = ["ADMIN_READ", "DATA_READ", "DATA_WRITE"]
  } : {}

  private = "log_id(\"cloudaudit.googleapis.com/data_access\")"
}

resource "google_project_iam_audit_config" "data_access" {
  for_each = local.audited

  project = var.project
  service = each.key

  dynamic "audit_log_config" {
    for_each = each.value

    content {
      log_type = audit_log_config.value
    }
  }
}

# The default bucket excludes these entries. The exclusion does not affect our sink, which exports the entries that a rule could use.
# Entries that the log-match alert needs are kept, because Cloud Monitoring does not see excluded entries.
resource "google_logging_project_exclusion" "kubernetes" {
  count = var.data_access_logs ? 1 : 0

  project     = var.project
  name        = "firebreak-kubernetes-data-access"
  description = "Firebreak: Data Access of Kubernetes is exported, not stored"
  filter      = "${local.private}\nAND protoPayload.serviceName=\"k8s.io\"\nAND NOT (${local.filters.alert})"

  depends_on = [google_project_service.api]
}
