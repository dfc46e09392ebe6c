locals {
  # Measured: a built function takes 80 to 96 MB after its start, and up to 140 MB with every client loaded. An instance handles up to
  # `concurrency` messages at once.
  sizes = {
    detect-audit-log    = { memory = "512Mi", timeout = 60, concurrency = 20, max_instances = 20 }
    detect-cryptomining = { memory = "512Mi", timeout = 120, concurrency = 10, max_instances = 5 }
    detect-threat       = { memory = "512Mi", timeout = 60, concurrency = 20, max_instances = 5 }
    decide              = { memory = "512Mi", timeout = 120, concurrency = 8, max_instances = 10 }
    operate             = { memory = "512Mi", timeout = 300, concurrency = 8, max_instances = 5 }
    # Needs memory because evidence passes through it. A run may take almost as long as a delivery (600 s).
    contain = { memory = "1Gi", timeout = 540, concurrency = 4, max_instances = 20 }
    notify  = { memory = "512Mi", timeout = 120, concurrency = 8, max_instances = 5 }
    # Each browser that watches keeps a request open; shared/console/live.ts allows fewer watchers than `concurrency`.
    console = { memory = "512Mi", timeout = 3600, concurrency = 40, max_instances = 2 }
  }

  # The console is optional, because it needs operator_audience to let anybody in.
  functions = { for name, function in local.deployment.functions : name => function if name != "console" || var.console != null }

  # The functions with an interface in the subnetwork of `vpc`.
  connected = var.vpc == null ? [] : [for name, function in local.functions : name if function.clusters || var.vpc.every_function]

  incidents = { FIREBREAK_STORE = "firestore:${google_firestore_database.database["incidents"].name}" }
  memory    = { FIREBREAK_MEMORY_STORE = "firestore:${google_firestore_database.database["memory"].name}" }
  bus       = { FIREBREAK_BUS = "pubsub" }
  # With `vpc`, the functions call a cluster without an open DNS endpoint at its private endpoint.
  served_by = { FIREBREAK_CLUSTERS = jsonencode(local.served), FIREBREAK_NETWORK = var.vpc == null ? null : "vpc" }
  # Changes by one of these accounts are compared with the journals. Only detect-audit-log reads entries that name who changed something.
  identities = { FIREBREAK_IDENTITIES = join(",", values(local.accounts)) }

  # The settings of each function, no more than it reads (shared/config.ts, shared/containment/settings.ts).
  told = {
    detect-audit-log    = merge(local.bus, local.memory, local.identities)
    detect-cryptomining = merge(local.bus, local.memory, local.served_by)
    detect-threat = merge(local.bus, {
      FIREBREAK_THREAT_TOPICS = jsonencode({
        for topic, cluster in local.falco : topic => { project = var.project, location = cluster.location, cluster = cluster.name }
      })
    })
    decide = merge(local.bus, local.incidents, local.served_by)
    operate = merge(local.bus, local.incidents, local.served_by, {
      FIREBREAK_OPERATOR_AUDIENCE = join(",", var.operator_audience)
    })
    contain = merge(local.bus, local.incidents, local.served_by, {
      FIREBREAK_EVIDENCE              = "gs://${google_storage_bucket.evidence.name}"
      FIREBREAK_FORENSICS_IMAGE       = var.images.forensics
      FIREBREAK_KILLER_IMAGE          = var.images.killer
      FIREBREAK_INVESTIGATION_FROM    = var.investigation.from
      FIREBREAK_INVESTIGATION_MINUTES = var.investigation.minutes
      FIREBREAK_INVESTIGATION_SSH_KEY = try(var.ssh_key.key, null)
    })
    notify = merge(local.memory, {
      FIREBREAK_CONSOLE_URL        = try(var.console.url, null)
      FIREBREAK_SLACK_CHANNEL      = try(var.notifiers.slack.channel, null)
      FIREBREAK_PAGERDUTY_ENDPOINT = try(var.notifiers.pagerduty.eu, false) ? "https://events.eu.pagerduty.com" : null
      FIREBREAK_WEBHOOK_URL        = try(var.notifiers.webhook.url, null)
    })
    console = merge(local.bus, local.incidents, {
      FIREBREAK_EVIDENCE          = "gs://${google_storage_bucket.evidence.name}"
      FIREBREAK_OPERATOR_AUDIENCE = join(",", var.operator_audience)
    })
  }

  # Secrets that people created, by id: their values are never in a plan or a state.
  secrets = {
    notify = { for name, secret in {
      FIREBREAK_SLACK_TOKEN           = try(var.notifiers.slack.token_secret, null)
      FIREBREAK_PAGERDUTY_ROUTING_KEY = try(var.notifiers.pagerduty.routing_key_secret, null)
      FIREBREAK_WEBHOOK_SECRET        = try(var.notifiers.webhook.signing_secret, null)
    } : name => secret if secret != null }
  }
}

resource "google_service_account" "function" {
  for_each = local.functions

  project      = var.project
  account_id   = each.value.name
  display_name = "Firebreak ${each.key}"
  description  = "The function ${each.value.name} runs as this account, and nothing else does"

  depends_on = [google_project_service.api]
}

# Pub/Sub delivers messages as this account.
resource "google_service_account" "push" {
  project      = var.project
  account_id   = "firebreak-push"
  display_name = "Firebreak deliveries"
  description  = "Pub/Sub delivers to Firebreak's functions as this account; it may invoke them and nothing else"

  depends_on = [google_project_service.api]
}

resource "google_storage_bucket_object" "archive" {
  for_each = local.functions

  bucket = google_storage_bucket.source.name
  # With the hash in the name, Terraform deploys changed archives and leaves unchanged ones alone.
  name   = "functions/${each.key}-${local.manifest[each.key].sha256}.zip"
  source = "${local.build}/${local.manifest[each.key].file}"
}

resource "google_cloudfunctions2_function" "function" {
  for_each = local.functions

  project      = var.project
  location     = var.region
  name         = each.value.name
  description  = "Firebreak ${each.key}"
  labels       = local.labels
  kms_key_name = var.kms_key

  build_config {
    runtime           = "nodejs24"
    entry_point       = each.key
    docker_repository = google_artifact_registry_repository.functions.id
    service_account   = google_service_account.build.id

    source {
      storage_source {
        bucket = google_storage_bucket.source.name
        object = google_storage_bucket_object.archive[each.key].name
      }
    }
  }

  service_config {
    service_account_email            = google_service_account.function[each.key].email
    ingress_settings                 = each.key == "console" ? "ALLOW_INTERNAL_AND_GCLB" : "ALLOW_INTERNAL_ONLY"
    available_cpu                    = "1"
    available_memory                 = coalesce(try(var.functions[each.key].memory, null), local.sizes[each.key].memory)
    timeout_seconds                  = local.sizes[each.key].timeout
    max_instance_request_concurrency = local.sizes[each.key].concurrency
    min_instance_count               = coalesce(try(var.functions[each.key].min_instances, null), 0)
    max_instance_count               = coalesce(try(var.functions[each.key].max_instances, null), local.sizes[each.key].max_instances)
    all_traffic_on_latest_revision   = true

    environment_variables = merge(
      # With 512 MiB of memory, Node.js gives 1 MiB to young objects and collects garbage all the time: an entry then costs a fifth more.
      { FIREBREAK_PROJECT = var.project, NODE_OPTIONS = "--max-semi-space-size=8" },
      var.otlp_endpoint == null ? {} : { FIREBREAK_OTLP_ENDPOINT = var.otlp_endpoint },
      { for name, value in local.told[each.key] : name => value if try(length(tostring(value)), 0) > 0 },
      { for file in each.value.files : local.files[file].variable => "${local.files[file].folder}/${local.files[file].name}" },
      # A function compares the hash at its start, and does not start with any other file.
      { for file in each.value.files : "${local.files[file].variable}_SHA256" => sha256(local.files[file].text) },
    )

    # Read-only, and exactly this version, so that a function never runs with a file that was not applied.
    dynamic "secret_volumes" {
      for_each = each.value.files

      content {
        project_id = var.project
        mount_path = local.files[secret_volumes.value].folder
        secret     = google_secret_manager_secret.file[secret_volumes.value].secret_id

        versions {
          version = google_secret_manager_secret_version.file[secret_volumes.value].version
          path    = local.files[secret_volumes.value].name
        }
      }
    }

    dynamic "secret_environment_variables" {
      for_each = lookup(local.secrets, each.key, {})

      content {
        key        = secret_environment_variables.key
        project_id = var.project
        secret     = secret_environment_variables.value
        version    = "latest"
      }
    }

    direct_vpc_egress = contains(local.connected, each.key) ? { private-ranges-only = "VPC_EGRESS_PRIVATE_RANGES_ONLY", all-traffic = "VPC_EGRESS_ALL_TRAFFIC" }[var.vpc.egress] : null

    dynamic "direct_vpc_network_interface" {
      for_each = contains(local.connected, each.key) ? [var.vpc] : []

      content {
        network    = direct_vpc_network_interface.value.network
        subnetwork = direct_vpc_network_interface.value.subnetwork
        tags       = direct_vpc_network_interface.value.tags
      }
    }
  }

  # The build needs its permissions, and a function does not start if it may not read a mounted file.
  depends_on = [
    google_project_iam_member.build,
    google_artifact_registry_repository_iam_member.build,
    google_secret_manager_secret_iam_member.file,
    google_secret_manager_secret_iam_member.notifier,
    google_kms_crypto_key_iam_member.agent,
  ]
}
