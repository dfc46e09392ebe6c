# Two clusters, one of them in a Shared VPC with only a private endpoint. Firebreak acts, by a policy of its own.

terraform {
  required_version = ">= 1.9, < 2"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 7.20, < 9"
    }
  }
}

module "firebreak" {
  source = "../.."

  project = "my-project-1"
  region  = "europe-west1"
  labels  = { team = "security", env = "prod" }

  clusters = [
    { location = "europe-west1", name = "shop", falco = true },
    { location = "europe-west1-b", name = "batch", node_prefix = "gke-batch-" },
  ]
  networks = [
    { name = "default" },
    { name = "shared", project = "my-network-project-1" },
  ]

  # How far Firebreak goes
  mode        = "act"
  policy_file = "${path.module}/policy.yaml"
  rules_file  = "${path.module}/rules.yaml"
  deleting    = true
  images = {
    forensics = "europe-west1-docker.pkg.dev/my-project-1/tools/forensics@sha256:0000000000000000000000000000000000000000000000000000000000000000"
    killer    = "europe-west1-docker.pkg.dev/my-project-1/tools/debian@sha256:0000000000000000000000000000000000000000000000000000000000000000"
  }
  investigation = { from = "tag:bastion", minutes = 120 }
  ssh_key = {
    key           = "ana:ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    node_accounts = ["gke-nodes@my-project-1.iam.gserviceaccount.com"]
  }

  # Sources of signals
  security_command_center = true
  falco_publishers        = ["serviceAccount:falcosidekick@my-project-1.iam.gserviceaccount.com"]

  # People
  operators = ["group:oncall@example.com"]
  # The audience of people who are signed in to gcloud, for the command line, and that of Identity-Aware Proxy, for the console.
  operator_audience = ["32555940559.apps.googleusercontent.com", "/projects/123456789012/global/backendServices/1234567890123456789"]
  console           = { url = "https://firebreak.example.com" }
  notifiers = {
    slack     = { channel = "C0123456789", token_secret = "firebreak-slack-token" }
    pagerduty = { routing_key_secret = "firebreak-pagerduty-key", eu = true }
    webhook   = { url = "https://hooks.example.com/firebreak", signing_secret = "firebreak-webhook-secret" }
  }
  evidence_readers      = ["group:forensics@example.com"]
  notification_channels = ["projects/my-project-1/notificationChannels/1234567890123456789"]

  # Storage
  kms_key  = "projects/my-keys-1/locations/europe-west1/keyRings/security/cryptoKeys/firebreak"
  evidence = { bucket = "my-project-1-evidence", retention_days = 365, lock = true }

  # Building and running
  vpc = {
    network    = "projects/my-network-project-1/global/networks/shared"
    subnetwork = "projects/my-network-project-1/regions/europe-west1/subnetworks/functions"
  }
  functions = {
    decide  = { min_instances = 1 }
    contain = { min_instances = 1, memory = "2Gi" }
  }
  node_condition = "names"
  otlp_endpoint  = "https://telemetry.googleapis.com"
}

output "next" {
  value = module.firebreak.next
}

output "kubernetes_manifests" {
  value = module.firebreak.kubernetes_manifests
}

output "publish" {
  value = module.firebreak.publish
}

output "falco_topics" {
  value = module.firebreak.falco_topics
}
