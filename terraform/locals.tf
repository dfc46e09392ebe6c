locals {
  # Written by `npm run generate` from the code that is deployed: names, deliveries, custom roles, filters.
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

  clusters = { for cluster in var.clusters : "${cluster.location}/${cluster.name}" => cluster }
  # As shared/config.ts reads them.
  served = [for cluster in var.clusters : { project = var.project, location = cluster.location, cluster = cluster.name }]
  # Alerts of Falco do not say which cluster they are of: the topic does.
  falco = { for key, cluster in local.clusters : "threat-${cluster.location}-${cluster.name}" => cluster if cluster.falco }

  networks         = { for network in var.networks : "${coalesce(network.project, var.project)}/${network.name}" => { name = network.name, project = coalesce(network.project, var.project) } }
  network_projects = toset([for network in local.networks : network.project])

  accounts = { for name, function in google_service_account.function : name => function.email }
  members  = { for name, function in google_service_account.function : name => function.member }

  # Google's own accounts, which carry messages, run the clock and watch.
  agents = {
    pubsub     = "serviceAccount:service-${local.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
    proxy      = "serviceAccount:service-${local.number}@gcp-sa-iap.iam.gserviceaccount.com"
    monitoring = "serviceAccount:service-${local.number}@gcp-sa-monitoring-notification.iam.gserviceaccount.com"
  }
}

# Read while planning, so Cloud Resource Manager must be enabled beforehand; docs/deploy.md does that first.
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
  # Others in the project may need it.
  disable_on_destroy = false
}
