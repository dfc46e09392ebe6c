# One cluster in one project, in dry run: Firebreak decides and records everything, and changes nothing.

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

  project  = "my-project-1"
  region   = "europe-west1"
  clusters = [{ location = "europe-west1", name = "c1" }]
  networks = [{ name = "default" }]
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
