locals {
  # Every subscription, by name: its function, its topic, and whether it has a dead letter topic.
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

# Subscriptions of our own instead of those that the trigger of a function creates: these have no dead letter topic, and Pub/Sub deletes
# them after 31 days without a message.
resource "google_pubsub_subscription" "push" {
  for_each = local.subscriptions

  project = var.project
  name    = each.key
  topic   = each.value.topic
  labels  = local.labels

  # 600 s, the maximum of Pub/Sub. No function with a subscription has a longer timeout (functions.tf).
  ack_deadline_seconds = local.deployment.delivery.ackDeadline
  # 31 days, the maximum.
  message_retention_duration = "2678400s"

  push_config {
    # functions-framework reads the topic from the path.
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

  # A dead letter that cannot be recorded has nowhere else to go: Pub/Sub delivers it again for as long as it keeps the message.
  dynamic "dead_letter_policy" {
    for_each = each.value.dead_letter ? [1] : []

    content {
      dead_letter_topic     = google_pubsub_topic.topic["dead-letters"].id
      max_delivery_attempts = local.deployment.delivery.attempts
    }
  }

  # Never expires. Incidents are rare, and by default Pub/Sub deletes a subscription after 31 days without traffic.
  expiration_policy {
    ttl = ""
  }

  depends_on = [google_pubsub_topic.topic, google_pubsub_topic.falco, google_cloud_run_v2_service_iam_member.push]
}
