locals {
  # `npm run generate` writes these files from the deployed code: names, delivery settings, custom roles, filters.
  deployment = jsondecode(file("${path.module}/generated/deployment.json"))
  roles      = jsondecode(file("${path.module}/generated/roles.json"))
  filters    = jsondecode(file("${path.module}/generated/filters.json"))
  plateau    = jsondecode(file("${path.module}/generated/plateau.json"))
  metrics    = jsondecode(file("${path.module}/generated/metrics.json"))
  quarantine = jsondecode(file("${path.module}/generated/quarantine.json"))

  build    = coalesce(var.build_folder, "${path.module}/../dist")
  manifest = jsondecode(file("${local.build}/manifest.json"))

  number = data.google_project.this.number
  labels = merge({ app = "firebreak" }, var.labels)
  topics = { for topic, name in local.deployment.topics : topic => "projects/${var.project}/topics/${name}" }

  # The host of a URL, with its port, as a regular expression: a function does not start with `https://<host>`.
  host = "([\\p{L}\\p{N}._-]+|\\[[0-9A-Fa-f:.]+\\])(:[0-9]{1,5})?"

  clusters = { for cluster in var.clusters : "${cluster.location}/${cluster.name}" => cluster }
  # In the form that shared/config.ts reads.
  served = [for cluster in var.clusters : { project = var.project, location = cluster.location, cluster = cluster.name }]
  # The topics of Falco, by name. An alert of Falco does not say which cluster it comes from; its topic does.
  falco = { for key, cluster in local.clusters : "threat-${cluster.location}-${cluster.name}" => cluster if cluster.falco }

  networks         = { for network in var.networks : "${coalesce(network.project, var.project)}/${network.name}" => { name = network.name, project = coalesce(network.project, var.project), rules = network.rules } }
  network_projects = toset([for network in local.networks : network.project])

  accounts = { for name, function in google_service_account.function : name => function.email }
  members  = { for name, function in google_service_account.function : name => function.member }

  # Google's own service agents: for Pub/Sub, for Identity-Aware Proxy, and for the notifications of Cloud Monitoring.
  agents = {
    pubsub     = "serviceAccount:service-${local.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
    proxy      = "serviceAccount:service-${local.number}@gcp-sa-iap.iam.gserviceaccount.com"
    monitoring = "serviceAccount:service-${local.number}@gcp-sa-monitoring-notification.iam.gserviceaccount.com"
  }
}

# Terraform reads this during the plan, so the API of Cloud Resource Manager must already be enabled (docs/deploy.md).
data "google_project" "this" {
  project_id = var.project
}

resource "google_project_service" "api" {
  for_each = var.enable_apis ? toset(concat([
    "artifactregistry.googleapis.com",
    "cloudbuild.googleapis.com",
    "cloudfunctions.googleapis.com",
    "cloudscheduler.googleapis.com",
    "compute.googleapis.com",
    "container.googleapis.com",
    "firestore.googleapis.com",
    "iam.googleapis.com",
    "logging.googleapis.com",
    "monitoring.googleapis.com",
    "pubsub.googleapis.com",
    "run.googleapis.com",
    "secretmanager.googleapis.com",
    "storage.googleapis.com",
    ],
    var.console == null ? [] : ["iap.googleapis.com"],
    var.kms_key == null ? [] : ["cloudkms.googleapis.com"],
    var.security_command_center ? ["securitycenter.googleapis.com"] : [],
    local.wanted.traces ? ["telemetry.googleapis.com"] : [],
  )) : toset([])

  project = var.project
  service = each.key
  # Other software in the project may need the API.
  disable_on_destroy = false
}
