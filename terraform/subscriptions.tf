locals {
  # Every subscription of ours: whose it is, of which topic, and what it is called.
  subscriptions = merge(
    merge([
      for name, function in local.functions : {
        for topic, subscription in function.subscriptions :
        subscription => { function = name, topic = local.deployment.topics[topic], dead_letter = topic != "dead-letters" }
      }
    ]...),
    {
      for topic in keys(local.falco) :
      "firebreak-detect-threat-${topic}" => { function = "detect-threat", topic = "firebreak-${topic}", dead_letter = true }
    },
  )
}

# Our own, and not those that a trigger of a function would make: these have no dead letter, and would be gone after 31 quiet days.
resource "google_pubsub_subscription" "push" {
  for_each = local.subscriptions

  project = var.project
  name    = each.key
  topic   = each.value.topic
  labels  = local.labels

  # The longest there is: as long as one delivery may take.
  ack_deadline_seconds       = local.deployment.delivery.ackDeadline
  message_retention_duration = "2678400s"

  push_config {
    # The path names the topic; functions-framework reads it there.
    push_endpoint = "${google_cloudfunctions2_function.function[each.value.function].service_config[0].uri}/projects/${var.project}/topics/${each.value.topic}"

    oidc_token {
      service_account_email = google_service_account.push.email
      audience              = google_cloudfunctions2_function.function[each.value.function].service_config[0].uri
    }
  }

  retry_policy {
    minimum_backoff = "${local.deployment.delivery.minBackoff}s"
    maximum_backoff = "${local.deployment.delivery.maxBackoff}s"
  }

  # What cannot be recorded as dead has nowhere else to go: it is tried for as long as it is kept.
  dynamic "dead_letter_policy" {
    for_each = each.value.dead_letter ? [1] : []

    content {
      dead_letter_topic     = google_pubsub_topic.topic["dead-letters"].id
      max_delivery_attempts = local.deployment.delivery.attempts
    }
  }

  # Never: an incident is rare, and a subscription without traffic would be deleted after 31 days.
  expiration_policy {
    ttl = ""
  }

  depends_on = [google_pubsub_topic.topic, google_pubsub_topic.falco, google_cloud_run_v2_service_iam_member.push]
}
