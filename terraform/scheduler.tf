# Every minute, operate continues whatever is due: work that a crash interrupted, asks and accesses that have ended, steps that wait.
resource "google_cloud_scheduler_job" "tick" {
  project     = var.project
  region      = var.region
  name        = local.deployment.tick
  description = "Publishes firebreak-tick every minute"
  schedule    = "* * * * *"
  time_zone   = "Etc/UTC"

  pubsub_target {
    topic_name = google_pubsub_topic.topic["tick"].id
    data       = base64encode("{}")
  }

  retry_config {
    retry_count = 1
  }

  depends_on = [google_project_service.api]
}
