locals {
  wanted = {
    null     = true
    deleting = var.deleting
    ssh-key  = var.ssh_key != null
    # Google's own receiver checks an IAM permission; other receivers have their own ways. As shared/google-receiver.ts.
    traces = can(regex("^https://([a-z0-9-]+[.])+googleapis[.]com(:443)?(/|$)", lower(coalesce(var.otlp_endpoint, "none"))))
  }
  # The roles that are granted, from those that the code declares. Roles for options only if the option is set.
  granted = { for id, role in local.roles : id => role if contains(keys(local.functions), role.function) && lookup(local.wanted, coalesce(role.when, "null"), false) }

  by_place = { for place in ["project", "nodes", "network", "node-accounts", "evidence", "exhibit", "incidents", "memory"] : place => { for id, role in local.granted : id => role if role.on == place } }

  network_roles = merge([
    for project in local.network_projects : {
      for id, role in local.by_place.network : "${project}/${id}" => merge(role, { id = id, project = project })
    }
  ]...)
}

# One role for each function and kind of place, with exactly the permissions that the code declares.
resource "google_project_iam_custom_role" "function" {
  for_each = { for id, role in local.granted : id => role if role.on != "network" }

  project     = var.project
  role_id     = each.key
  title       = each.value.title
  description = "Generated from what the code of ${each.value.function} declares"
  permissions = each.value.permissions

  depends_on = [google_project_service.api]
}

# In the project of the network, which for a Shared VPC is the host project.
resource "google_project_iam_custom_role" "network" {
  for_each = local.network_roles

  project     = each.value.project
  role_id     = each.value.project == var.project ? each.value.id : "${each.value.id}_of_${replace(reverse(split(":", var.project))[0], "-", "_")}"
  title       = each.value.title
  description = "Generated from what the code of ${each.value.function} declares"
  permissions = each.value.permissions

  depends_on = [google_project_service.api]
}

# The only role of an operator besides publishing requests.
resource "google_project_iam_custom_role" "operator" {
  project     = var.project
  role_id     = "firebreak_operator"
  title       = "Firebreak operator"
  description = "Reads incidents"
  permissions = ["datastore.entities.get", "datastore.entities.list"]

  depends_on = [google_project_service.api]
}
