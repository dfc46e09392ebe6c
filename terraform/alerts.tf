# Signals: alerts that go to Firebreak

resource "google_monitoring_notification_channel" "pubsub" {
  for_each = toset(["audit-log", "cpu"])

  project      = var.project
  display_name = "Firebreak ${each.key}"
  type         = "pubsub"
  labels       = { topic = google_pubsub_topic.topic[each.key].id }
  user_labels  = local.labels

  depends_on = [google_project_service.api]
}

# One policy for each shape of CPU use. An incident carries the labels of its policy, by which detect-cryptomining knows the shape.
resource "google_monitoring_alert_policy" "plateau" {
  for_each = local.plateau

  project               = var.project
  display_name          = each.value.title
  combiner              = "OR"
  severity              = "WARNING"
  user_labels           = merge(local.labels, each.value.labels)
  notification_channels = [google_monitoring_notification_channel.pubsub["cpu"].name]

  conditions {
    display_name = each.value.title

    condition_prometheus_query_language {
      query               = each.value.query
      duration            = "0s"
      evaluation_interval = "60s"
      # Otherwise the apply fails where no container has reported this metric yet, as where none has a CPU limit.
      disable_metric_validation = true
    }
  }

  alert_strategy {
    auto_close = "1800s"
  }

  documentation {
    mime_type = "text/markdown"
    content   = each.value.documentation
  }
}

# A second way to Firebreak, besides the sink.
resource "google_monitoring_alert_policy" "log_match" {
  count = var.log_match_alert ? 1 : 0

  project               = var.project
  display_name          = "Firebreak: audit log entry that may be conclusive"
  combiner              = "OR"
  severity              = "WARNING"
  user_labels           = local.labels
  notification_channels = [google_monitoring_notification_channel.pubsub["audit-log"].name]

  conditions {
    display_name = "an entry that a conclusive rule may match"

    condition_matched_log {
      filter = local.filters.alert
    }
  }

  alert_strategy {
    auto_close = "1800s"

    notification_rate_limit {
      period = "300s"
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = "detect-audit-log reads the entries that matched and scores them. Most of these entries are harmless."
  }
}

# Health: alerts that go to people

locals {
  # How many entries the sink exports.
  exported = "resource.type = \"logging_sink\" AND resource.labels.name = \"${local.deployment.sink}\" AND metric.type = \"logging.googleapis.com/exports/log_entry_count\""
}

resource "google_monitoring_alert_policy" "dead_letters" {
  project               = var.project
  display_name          = "Firebreak: messages are not handled"
  combiner              = "OR"
  severity              = "ERROR"
  user_labels           = local.labels
  notification_channels = var.notification_channels

  conditions {
    display_name = "a message was dead-lettered"

    condition_threshold {
      filter          = "resource.type = \"pubsub_subscription\" AND resource.labels.subscription_id = starts_with(\"firebreak-\") AND metric.type = \"pubsub.googleapis.com/subscription/dead_letter_message_count\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "0s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
        group_by_fields      = ["resource.label.subscription_id"]
      }
    }
  }

  conditions {
    display_name = "a message has been waiting for half an hour"

    condition_threshold {
      filter          = "resource.type = \"pubsub_subscription\" AND resource.labels.subscription_id = starts_with(\"firebreak-\") AND metric.type = \"pubsub.googleapis.com/subscription/oldest_unacked_message_age\""
      comparison      = "COMPARISON_GT"
      threshold_value = 1800
      duration        = "300s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_MAX"
        cross_series_reducer = "REDUCE_MAX"
        group_by_fields      = ["resource.label.subscription_id"]
      }
    }
  }

  # A dead letter is one point of a series that then falls silent. Without this, the incident would stay open for seven days, and the
  # next dead letters of the same subscription would notify nobody.
  alert_strategy {
    auto_close = "1800s"
  }

  documentation {
    mime_type = "text/markdown"
    content   = "A function cannot handle its messages; the name of the subscription begins with the name of the function. Run `firebreak dead-letters --project ${var.project}`, read the log of the function, then run `firebreak doctor --project ${var.project}`."
  }

  depends_on = [google_project_service.api]
}

# Measured at the sink: Cloud Monitoring publishes to the topic, too, so the topic is not silent when the sink is.
resource "google_monitoring_alert_policy" "silent_sink" {
  project               = var.project
  display_name          = "Firebreak: no audit log entries arrive"
  combiner              = "OR"
  severity              = "ERROR"
  user_labels           = local.labels
  notification_channels = var.notification_channels

  # A sink without entries either has no points at all, or has points of zero: one condition for each.
  conditions {
    display_name = "the sink is gone, or has exported nothing for ${var.silent_sink_hours} h"

    condition_absent {
      filter   = local.exported
      duration = "${var.silent_sink_hours * 3600}s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
      }
    }
  }

  conditions {
    display_name = "the sink has exported 0 entries for ${var.silent_sink_hours} h"

    condition_threshold {
      filter          = local.exported
      comparison      = "COMPARISON_LT"
      threshold_value = 1
      duration        = "${var.silent_sink_hours * 3600}s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
      }
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = "Firebreak does not see what happens in the clusters: the sink is gone, or its filter was changed. Run `firebreak doctor --project ${var.project}`, which says what is wrong."
  }

  depends_on = [google_project_service.api]
}

# Apart from the silent sink: its incident must close after the last error, whereas a sink stays silent without any points.
resource "google_monitoring_alert_policy" "sink_errors" {
  project               = var.project
  display_name          = "Firebreak: audit log entries are lost"
  combiner              = "OR"
  severity              = "ERROR"
  user_labels           = local.labels
  notification_channels = var.notification_channels

  conditions {
    display_name = "the sink could not publish an entry"

    condition_threshold {
      filter          = "resource.type = \"logging_sink\" AND resource.labels.name = \"${local.deployment.sink}\" AND metric.type = \"logging.googleapis.com/exports/error_count\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "0s"

      aggregations {
        alignment_period   = "300s"
        per_series_aligner = "ALIGN_DELTA"
      }
    }
  }

  # As for dead letters: an error is one point of a series that then falls silent.
  alert_strategy {
    auto_close = "1800s"
  }

  documentation {
    mime_type = "text/markdown"
    content   = "The sink could not publish entries, for example because its identity may not, and Firebreak does not see them. Run `firebreak doctor --project ${var.project}`, which says what is wrong."
  }

  depends_on = [google_project_service.api]
}

resource "google_monitoring_alert_policy" "missing_tick" {
  project               = var.project
  display_name          = "Firebreak: the tick is missing"
  combiner              = "OR"
  severity              = "ERROR"
  user_labels           = local.labels
  notification_channels = var.notification_channels

  conditions {
    display_name = "operate has acknowledged no tick for ten minutes"

    condition_absent {
      filter   = "resource.type = \"pubsub_subscription\" AND resource.labels.subscription_id = \"${local.deployment.functions.operate.subscriptions.tick}\" AND metric.type = \"pubsub.googleapis.com/subscription/push_request_count\" AND metric.labels.response_class = \"ack\""
      duration = "600s"

      aggregations {
        alignment_period     = "60s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
      }
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = "Without the tick, nobody continues work that a crash interrupted, asks do not lapse, and accesses stay open. Check the job firebreak-tick of Cloud Scheduler and the log of firebreak-operate: `firebreak doctor --project ${var.project}` names what is wrong."
  }

  depends_on = [google_project_service.api]
}
