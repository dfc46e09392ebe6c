locals {
  # As `ruleName` and `quarantineRules` in shared/containment/quarantine-rules.ts make them: contain looks for these very rules.
  cuts = merge([
    for key, network in local.networks : {
      for rule in local.quarantine : "${key}/${rule.suffix}" => merge(rule, {
        name    = "firebreak-${replace(substr(network.name, 0, 25), "/-+$/", "")}-${substr(sha256(network.name), 0, 6)}-${rule.suffix}"
        project = network.project
        network = "projects/${network.project}/global/networks/${network.name}"
      })
    }
  ]...)
}

# What cuts a node that carries the tag: both ways, IPv4 and IPv6, which one rule never holds. Made before they are needed, so that
# cutting a node is no more than a tag.
resource "google_compute_firewall" "quarantine" {
  for_each = local.cuts

  project            = each.value.project
  name               = each.value.name
  network            = each.value.network
  description        = each.value.description
  direction          = each.value.direction
  priority           = each.value.priority
  source_ranges      = each.value.direction == "INGRESS" ? each.value.ranges : null
  destination_ranges = each.value.direction == "EGRESS" ? each.value.ranges : null
  target_tags        = each.value.tags

  deny {
    protocol = "all"
  }

  log_config {
    metadata = "INCLUDE_ALL_METADATA"
  }

  depends_on = [google_project_service.api]
}
