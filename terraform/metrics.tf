# Metrics made from the log lines of the functions, and a dashboard

resource "google_logging_metric" "metric" {
  for_each = local.metrics

  project         = var.project
  name            = each.key
  description     = each.value.description
  filter          = each.value.filter
  value_extractor = each.value.value

  label_extractors = each.value.labels

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = each.value.value == null ? "INT64" : "DISTRIBUTION"
    unit        = each.value.unit

    dynamic "labels" {
      for_each = each.value.labels

      content {
        key        = labels.key
        value_type = "STRING"
      }
    }
  }

  # From 1 ms to half an hour; each bucket reaches half as far again as the one before.
  dynamic "bucket_options" {
    for_each = each.value.value == null ? [] : [1]

    content {
      exponential_buckets {
        num_finite_buckets = 36
        growth_factor      = 1.5
        scale              = 1
      }
    }
  }

  depends_on = [google_project_service.api]
}

resource "google_monitoring_dashboard" "firebreak" {
  project        = var.project
  dashboard_json = file("${path.module}/generated/dashboard.json")

  depends_on = [google_logging_metric.metric]
}
