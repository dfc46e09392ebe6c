locals {
  # Entries of clusters only if the cluster is served, and all other entries that a rule needs. `servedFilter` in shared/deployment.ts
  # makes the same text.
  of_served   = "(NOT resource.type=\"k8s_cluster\" OR resource.labels.cluster_name=(${join(" OR ", [for name in distinct(var.clusters[*].name) : "\"${name}\""])}))"
  sink_filter = "${local.of_served}\nAND ${var.sink_filter_file == null ? local.filters.sink : trimspace(file(var.sink_filter_file))}"
  own_rules   = try(yamldecode(local.rules), {})
}

# Exports the audit log entries that a rule could use. Entries of our own identities are included, because detect-audit-log compares
# them with the journals.
resource "google_logging_project_sink" "audit_log" {
  project                = var.project
  name                   = local.deployment.sink
  description            = "Audit log entries for Firebreak's detectors"
  destination            = "pubsub.googleapis.com/${google_pubsub_topic.topic["audit-log"].id}"
  filter                 = local.sink_filter
  unique_writer_identity = true

  lifecycle {
    precondition {
      condition     = length(local.sink_filter) <= 20000
      error_message = "The filter of the sink is longer than 20,000 characters, the limit of Cloud Logging. Serve fewer clusters, or shorten the filters of your own rules."
    }

    precondition {
      condition     = var.sink_filter_file != null || length(try(local.own_rules.lists, null) == null ? [] : local.own_rules.lists) + length(try(local.own_rules.rules, null) == null ? [] : local.own_rules.rules) == 0
      error_message = "rules_file has rules or lists of its own, which may need entries that the default sink does not export. Print a filter for them, and set sink_filter_file to it: firebreak filter --rules FILE > sink-filter.txt"
    }
  }

  depends_on = [google_project_service.api]
}

resource "google_scc_v2_project_notification_config" "threat" {
  count = var.security_command_center ? 1 : 0

  project      = var.project
  location     = "global"
  config_id    = "firebreak-threat"
  description  = "Threat findings for Firebreak"
  pubsub_topic = google_pubsub_topic.topic["threat"].id

  streaming_config {
    filter = "state=\"ACTIVE\" AND NOT mute=\"MUTED\" AND finding_class=\"THREAT\""
  }
}
