locals {
  # contain looks for exactly these rules: `ruleName` and `quarantineRules` in shared/containment/quarantine-rules.ts make the same ones.
  cuts = merge([
    for key, network in local.networks : {
      for rule in local.quarantine : "${key}/${rule.suffix}" => merge(rule, {
        name    = "firebreak-${replace(substr(network.name, 0, 25), "/-+$/", "")}-${substr(sha256(network.name), 0, 6)}-${rule.suffix}"
        project = network.project
        network = "projects/${network.project}/global/networks/${network.name}"
      })
    } if network.rules
  ]...)
}

# The four rules that cut off a node that has the tag: both directions, and IPv4 and IPv6 apart, because one rule cannot hold both.
# They exist beforehand, so that cutting off a node takes no more than setting the tag.
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
