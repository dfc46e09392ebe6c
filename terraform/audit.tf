locals {
  audited = var.data_access_logs ? {
    # Reads in clusters: Data Access of k8s.io is set by the audit configuration of this service.
    "container.googleapis.com" = ["ADMIN_READ", "DATA_READ", "DATA_WRITE"]
    # Who has asked for what: publishing is writing data.
    "pubsub.googleapis.com" = ["DATA_WRITE"]
  } : {}

  requests = "protoPayload.resourceName=\"${local.topics.requests}\""
  private  = "log_id(\"cloudaudit.googleapis.com/data_access\")"
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

# The default bucket takes none of them: what a rule could use goes through the sink, which these do not touch. What the alert looks at
# is kept, since Cloud Monitoring does not see what is left out.
resource "google_logging_project_exclusion" "kubernetes" {
  count = var.data_access_logs ? 1 : 0

  project     = var.project
  name        = "firebreak-kubernetes-data-access"
  description = "Firebreak: Data Access of Kubernetes is exported, not stored"
  filter      = "${local.private}\nAND protoPayload.serviceName=\"k8s.io\"\nAND NOT (${local.filters.alert})"
}

resource "google_logging_project_exclusion" "pubsub" {
  count = var.data_access_logs ? 1 : 0

  project     = var.project
  name        = "firebreak-pubsub-data-access"
  description = "Firebreak: of what is published, requests are kept in the log"
  filter      = "${local.private}\nAND protoPayload.serviceName=\"pubsub.googleapis.com\"\nAND NOT ${local.requests}"
}
