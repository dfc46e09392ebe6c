locals {
  # In the order of `clusters`: a cluster that is added at the end then leaves all conditions but the last as they are. Terraform makes
  # a grant with another condition anew, and until then the function has no rights on these nodes.
  node_prefixes = [for cluster in var.clusters : coalesce(cluster.node_prefix, "gke-${length(cluster.name) > 16 ? substr(cluster.name, 0, 16) : "${cluster.name}-"}")]

  # Matches VMs by the beginning of the name. The digits match calls that give an id: every id begins with a digit, and no name does.
  name_begins = "resource.name.extract(\"/instances/{name}\").startsWith"
  ids         = var.node_condition == "names" ? [] : range(1, 10)
  # IAM allows at most 12 operators in a condition, and at most 20 conditions for one role and account.
  node_conditions = [
    for prefixes in chunklist(distinct(local.node_prefixes), var.node_condition == "names" ? 12 : 4) :
    join(" || ", [for start in concat(prefixes, local.ids) : "${local.name_begins}(\"${start}\")"])
  ]

  node_grants = merge([
    for n, condition in local.node_conditions : {
      for id, role in local.by_place.nodes : "${id}/${n}" => { id = id, function = role.function, condition = condition }
    }
  ]...)

  node_account_grants = merge([
    for account in distinct(try(var.ssh_key.node_accounts, [])) : {
      for id, role in local.by_place.node-accounts : "${id}/${account}" => { id = id, function = role.function, account = account }
    }
  ]...)

  publishes = merge([
    for name, function in local.functions : {
      for topic in function.publishes : "${name}/${topic}" => { function = name, topic = topic }
    }
  ]...)

  reads = merge([
    for name, function in local.functions : {
      for file in function.files : "${name}/${file}" => { function = name, file = file }
    }
  ]...)
}

# Functions

resource "google_project_iam_member" "project" {
  for_each = local.by_place.project

  project = var.project
  role    = google_project_iam_custom_role.function[each.key].name
  member  = local.members[each.value.function]
}

resource "google_project_iam_member" "nodes" {
  for_each = local.node_grants

  project = var.project
  role    = google_project_iam_custom_role.function[each.value.id].name
  member  = local.members[each.value.function]

  condition {
    title       = "nodes of served clusters"
    description = "Firebreak: VMs whose names begin as those of nodes do"
    expression  = each.value.condition
  }

  lifecycle {
    precondition {
      condition     = length(local.node_conditions) <= 20
      error_message = "The names of the nodes need more than the 20 conditions that IAM allows for one role and account. Serve fewer clusters, or give several of them the same node_prefix, such as gke-."
    }
  }
}

resource "google_project_iam_member" "network" {
  for_each = local.network_roles

  project = each.value.project
  role    = google_project_iam_custom_role.network[each.key].name
  member  = local.members[each.value.function]
}

resource "google_service_account_iam_member" "node_account" {
  for_each = local.node_account_grants

  service_account_id = "projects/-/serviceAccounts/${each.value.account}"
  role               = google_project_iam_custom_role.function[each.value.id].name
  member             = local.members[each.value.function]

  lifecycle {
    precondition {
      condition     = each.value.account == "${local.number}-compute@developer.gserviceaccount.com" || endswith(each.value.account, "@${join(".", reverse(split(":", var.project)))}.iam.gserviceaccount.com")
      error_message = "ssh_key: ${each.value.account} is an account of another project, where this project's roles cannot be granted. Let the nodes run as an account of this project, or leave ssh_key out."
    }
  }
}

resource "google_storage_bucket_iam_member" "evidence" {
  for_each = local.by_place.evidence

  bucket = google_storage_bucket.evidence.name
  role   = google_project_iam_custom_role.function[each.key].name
  member = local.members[each.value.function]
}

# The console must not read logs and manifests. A condition on objects needs a bucket with uniform access.
resource "google_storage_bucket_iam_member" "exhibit" {
  for_each = local.by_place.exhibit

  bucket = google_storage_bucket.evidence.name
  role   = google_project_iam_custom_role.function[each.key].name
  member = local.members[each.value.function]

  condition {
    title       = "what stays valid"
    description = "Firebreak: one exhibit of each pod"
    expression  = "resource.name.endsWith(\"${local.deployment.exhibit}\")"
  }
}

# Two databases, so that a stolen detector cannot rewrite the goals that contain follows.
resource "google_project_iam_member" "database" {
  for_each = merge(local.by_place.incidents, local.by_place.memory)

  project = var.project
  role    = google_project_iam_custom_role.function[each.key].name
  member  = local.members[each.value.function]

  condition {
    title       = "database ${each.value.on}"
    description = "Firebreak: one database of the two"
    expression  = "resource.name == \"projects/${var.project}/databases/${local.deployment.databases[each.value.on]}\""
  }
}

resource "google_pubsub_topic_iam_member" "publisher" {
  for_each = local.publishes

  project = var.project
  topic   = google_pubsub_topic.topic[each.value.topic].name
  role    = "roles/pubsub.publisher"
  member  = local.members[each.value.function]
}

resource "google_secret_manager_secret_iam_member" "file" {
  for_each = local.reads

  project   = var.project
  secret_id = google_secret_manager_secret.file[each.value.file].secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = local.members[each.value.function]
}

resource "google_secret_manager_secret_iam_member" "notifier" {
  for_each = local.secrets.notify

  project   = var.project
  secret_id = each.value
  role      = "roles/secretmanager.secretAccessor"
  member    = local.members["notify"]
}

# Deliveries

resource "google_cloud_run_v2_service_iam_member" "push" {
  for_each = { for name, function in local.functions : name => function if length(function.subscriptions) > 0 }

  project  = var.project
  location = var.region
  name     = google_cloudfunctions2_function.function[each.key].name
  role     = "roles/run.invoker"
  member   = google_service_account.push.member
}

# Pub/Sub gets the tokens with which it delivers from this account. In projects from before April 2021, and where an organization has
# taken the service agent's own role from it, it may not do so without this grant, and every delivery is refused.
resource "google_service_account_iam_member" "push" {
  service_account_id = google_service_account.push.name
  role               = "roles/iam.serviceAccountOpenIdTokenCreator"
  member             = local.agents.pubsub

  # Google creates the service agent at the latest with the first topic, and IAM refuses an account that does not exist.
  depends_on = [google_pubsub_topic.topic]
}

# When Pub/Sub gives up a message, its service agent publishes the dead letter, and acknowledges the message on its subscription.
resource "google_pubsub_topic_iam_member" "dead_letters" {
  project = var.project
  topic   = google_pubsub_topic.topic["dead-letters"].name
  role    = "roles/pubsub.publisher"
  member  = local.agents.pubsub
}

resource "google_pubsub_subscription_iam_member" "dead_letters" {
  for_each = { for name, one in local.subscriptions : name => one if one.dead_letter }

  project      = var.project
  subscription = google_pubsub_subscription.push[each.key].name
  role         = "roles/pubsub.subscriber"
  member       = local.agents.pubsub
}

resource "google_pubsub_topic_iam_member" "sink" {
  project = var.project
  topic   = google_pubsub_topic.topic["audit-log"].name
  role    = "roles/pubsub.publisher"
  member  = google_logging_project_sink.audit_log.writer_identity
}

resource "google_pubsub_topic_iam_member" "monitoring" {
  for_each = toset(["audit-log", "cpu"])

  project = var.project
  topic   = google_pubsub_topic.topic[each.key].name
  role    = "roles/pubsub.publisher"
  member  = local.agents.monitoring

  # Google creates this account together with the project's first channel to Pub/Sub, and IAM refuses an account that does not exist.
  depends_on = [google_monitoring_notification_channel.pubsub]
}

resource "google_pubsub_topic_iam_member" "security_command_center" {
  count = var.security_command_center ? 1 : 0

  project = var.project
  topic   = google_pubsub_topic.topic["threat"].name
  role    = "roles/pubsub.publisher"
  member  = "serviceAccount:${google_scc_v2_project_notification_config.threat[0].service_account}"
}

resource "google_pubsub_topic_iam_member" "falco" {
  for_each = merge([for topic in keys(local.falco) : { for member in distinct(var.falco_publishers) : "${topic}/${member}" => { topic = topic, member = member } }]...)

  project = var.project
  topic   = google_pubsub_topic.falco[each.value.topic].name
  role    = "roles/pubsub.publisher"
  member  = each.value.member
}

# People

# Identity-Aware Proxy calls the console for the people whom it lets through; the console verifies what the proxy signed.
resource "google_cloud_run_v2_service_iam_member" "console" {
  for_each = var.console == null ? {} : merge({ proxy = local.agents.proxy }, { for member in distinct(var.console.invokers) : member => member })

  project  = var.project
  location = var.region
  name     = google_cloudfunctions2_function.function["console"].name
  role     = "roles/run.invoker"
  member   = each.value
}

resource "google_pubsub_topic_iam_member" "operator" {
  for_each = toset(var.operators)

  project = var.project
  topic   = google_pubsub_topic.topic["requests"].name
  role    = "roles/pubsub.publisher"
  member  = each.key
}

resource "google_project_iam_member" "operator" {
  for_each = toset(var.operators)

  project = var.project
  role    = google_project_iam_custom_role.operator.name
  member  = each.key

  condition {
    title       = "database incidents"
    description = "Firebreak: operators read incidents"
    expression  = "resource.name == \"projects/${var.project}/databases/${local.deployment.databases.incidents}\""
  }
}

resource "google_storage_bucket_iam_member" "evidence_reader" {
  for_each = toset(var.evidence_readers)

  bucket = google_storage_bucket.evidence.name
  role   = "roles/storage.objectViewer"
  member = each.key
}
