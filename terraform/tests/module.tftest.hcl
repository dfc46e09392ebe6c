# The whole module, against a mocked provider. `npm run test:terraform` prints where the schema of the provider comes from.

mock_provider "google" {
  mock_data "google_project" {
    defaults = { number = "123456789012" }
  }

  mock_data "google_storage_project_service_account" {
    defaults = { member = "serviceAccount:service-123456789012@gs-project-accounts.iam.gserviceaccount.com" }
  }

  mock_resource "google_service_account" {
    defaults = {
      id        = "projects/my-project-1/serviceAccounts/some-account@my-project-1.iam.gserviceaccount.com"
      name      = "projects/my-project-1/serviceAccounts/some-account@my-project-1.iam.gserviceaccount.com"
      email     = "some-account@my-project-1.iam.gserviceaccount.com"
      member    = "serviceAccount:some-account@my-project-1.iam.gserviceaccount.com"
      unique_id = "104857600000000000001"
    }
  }

  mock_resource "google_cloudfunctions2_function" {
    defaults = { service_config = { uri = "https://some-function.a.run.app" } }
  }

  mock_resource "google_pubsub_topic" {
    defaults = { id = "projects/my-project-1/topics/some" }
  }

  mock_resource "google_logging_project_sink" {
    defaults = { writer_identity = "serviceAccount:service-123456789012@gcp-sa-logging.iam.gserviceaccount.com" }
  }
}

variables {
  project      = "my-project-1"
  region       = "europe-west1"
  clusters     = [{ location = "europe-west1", name = "c1" }]
  networks     = [{ name = "default" }]
  build_folder = "tests/fixtures/build"
}

run "as_little_as_possible" {
  command = plan

  assert {
    condition     = toset(keys(google_cloudfunctions2_function.function)) == toset(["contain", "decide", "detect-audit-log", "detect-cryptomining", "detect-threat", "notify", "operate"])
    error_message = "The functions are not those of the design, or the console is deployed unasked."
  }

  assert {
    condition     = alltrue([for name, function in google_cloudfunctions2_function.function : google_service_account.function[name].account_id == "firebreak-${name}" && function.name == "firebreak-${name}"])
    error_message = "A function has no account of its own name."
  }

  assert {
    condition     = alltrue([for function in google_cloudfunctions2_function.function : function.service_config[0].ingress_settings == "ALLOW_INTERNAL_ONLY"])
    error_message = "A function is reached from outside."
  }

  assert {
    condition     = alltrue([for function in google_cloudfunctions2_function.function : function.build_config[0].runtime == "nodejs24"])
    error_message = "A function runs on another Node.js than it is tested on."
  }

  assert {
    condition     = alltrue([for subscription in google_pubsub_subscription.push : subscription.expiration_policy[0].ttl == ""])
    error_message = "A subscription expires."
  }

  assert {
    condition     = alltrue([for subscription in google_pubsub_subscription.push : subscription.retry_policy[0].minimum_backoff == "10s" && subscription.retry_policy[0].maximum_backoff == "600s" && subscription.ack_deadline_seconds == 600])
    error_message = "A subscription is delivered otherwise than it is tested."
  }

  assert {
    condition     = [for name, subscription in google_pubsub_subscription.push : name if length(subscription.dead_letter_policy) == 0] == ["firebreak-operate-dead-letters"]
    error_message = "Only dead letters themselves may have no dead letter."
  }

  assert {
    condition     = alltrue([for name, subscription in google_pubsub_subscription.push : try(subscription.dead_letter_policy[0].max_delivery_attempts, 10) == 10])
    error_message = "A message is not given up after its tenth delivery."
  }

  assert {
    condition     = length(google_pubsub_topic.topic) == 9 && length(google_pubsub_topic.falco) == 0
    error_message = "There are other topics than those of the design."
  }

  assert {
    condition     = alltrue([for name, archive in google_storage_bucket_object.archive : archive.name == "functions/${name}-${jsondecode(file("tests/fixtures/build/manifest.json"))[name].sha256}.zip"])
    error_message = "An archive is not named by its hash, so that a changed one would not be deployed."
  }

  assert {
    condition     = google_secret_manager_secret_version.file["policy"].secret_data == replace(file("../config/policy.yaml"), "/(?m)^mode:.*$/", "mode: dry-run # by Terraform")
    error_message = "Without being asked to, it does not run dry."
  }

  assert {
    condition     = !anytrue([for role in google_project_iam_custom_role.function : contains(role.permissions, "compute.instances.delete") || contains(role.permissions, "compute.instances.setMetadata") || contains(role.permissions, "iam.serviceAccounts.actAs")])
    error_message = "A right to delete, or to act as others, is granted without being asked for."
  }

  assert {
    condition     = toset([for rule in google_compute_firewall.quarantine : rule.name]) == toset(["firebreak-default-37a8ee-deny-ingress-ipv4", "firebreak-default-37a8ee-deny-ingress-ipv6", "firebreak-default-37a8ee-deny-egress-ipv4", "firebreak-default-37a8ee-deny-egress-ipv6"])
    error_message = "The rules that cut a node are not those that contain looks for."
  }

  assert {
    condition     = alltrue([for rule in google_compute_firewall.quarantine : rule.priority == (rule.direction == "EGRESS" ? 0 : 1) && rule.target_tags == toset(["firebreak-quarantine"])])
    error_message = "The rules that cut a node are not those that contain looks for."
  }

  assert {
    condition     = google_logging_project_sink.audit_log.filter == "(NOT resource.type=\"k8s_cluster\" OR resource.labels.cluster_name=(\"c1\"))\nAND ${jsondecode(file("generated/filters.json")).sink}" && google_logging_project_sink.audit_log.unique_writer_identity
    error_message = "The sink exports other entries than the rules need."
  }

  assert {
    condition     = alltrue([for policy in google_monitoring_alert_policy.plateau : policy.conditions[0].condition_prometheus_query_language[0].disable_metric_validation])
    error_message = "In a project whose containers have no CPU limits, the apply would fail."
  }

  assert {
    condition     = keys(google_project_iam_audit_config.data_access) == ["container.googleapis.com"] && length(google_logging_project_exclusion.kubernetes) == 1
    error_message = "Data Access logs are not on, or are stored besides."
  }

  assert {
    condition     = google_storage_bucket.evidence.force_destroy == false && google_storage_bucket.evidence.retention_policy[0].is_locked == false && google_storage_bucket.evidence.retention_policy[0].retention_period == "7776000"
    error_message = "Evidence is not kept for 90 days, or is locked without being asked for."
  }

  assert {
    condition     = alltrue([for database in google_firestore_database.database : database.delete_protection_state == "DELETE_PROTECTION_ENABLED" && database.deletion_policy == "ABANDON"])
    error_message = "A database can be deleted."
  }

  assert {
    condition = alltrue([
      for id, grant in google_project_iam_member.database :
      grant.condition[0].expression == "resource.name == \"projects/my-project-1/databases/${startswith(id, "firebreak_detect") || startswith(id, "firebreak_notify") ? "memory" : "incidents"}\""
    ])
    error_message = "A detector reaches the incidents, or a decider the memories."
  }

  assert {
    condition     = length(google_project_iam_member.nodes) == 3 && alltrue([for grant in google_project_iam_member.nodes : startswith(grant.condition[0].expression, "resource.name.extract(\"/instances/{name}\").startsWith(\"gke-c1-\")")])
    error_message = "Rights on VMs are not held to nodes of served clusters."
  }

  assert {
    # A condition may have 12 operators.
    condition     = alltrue([for grant in google_project_iam_member.nodes : length(regexall("\\|\\||&&|!", grant.condition[0].expression)) <= 12])
    error_message = "A condition has more operators than IAM takes."
  }
}

run "health" {
  command = plan

  assert {
    condition     = alltrue([for condition in slice(google_monitoring_alert_policy.silent_sink.conditions, 0, 2) : strcontains(try(condition.condition_absent[0].filter, condition.condition_threshold[0].filter), "resource.type = \"logging_sink\" AND resource.labels.name = \"firebreak-audit-log\"")])
    error_message = "A silent sink is measured where others publish, too."
  }

  assert {
    condition     = google_monitoring_alert_policy.silent_sink.conditions[1].condition_threshold[0].duration == "21600s" && google_monitoring_alert_policy.silent_sink.conditions[1].condition_threshold[0].comparison == "COMPARISON_LT"
    error_message = "A sink that reports zero entries is not silent."
  }

  assert {
    condition     = google_monitoring_alert_policy.dead_letters.alert_strategy[0].auto_close == "1800s"
    error_message = "After the first dead letter, no other one is told for a week."
  }

  assert {
    condition     = google_monitoring_alert_policy.sink_errors.alert_strategy[0].auto_close == "1800s" && length(google_monitoring_alert_policy.silent_sink.alert_strategy) == 0 && length(google_monitoring_alert_policy.silent_sink.conditions) == 2
    error_message = "After the first error of the sink, no other one is told for a week, or an alert about a silent sink closes while it is silent."
  }
}

run "what_people_type_at_night" {
  command = plan

  variables {
    policy_file = "tests/fixtures/our policy.yaml"
  }

  assert {
    condition = alltrue([
      for alert in [google_monitoring_alert_policy.dead_letters, google_monitoring_alert_policy.silent_sink, google_monitoring_alert_policy.sink_errors, google_monitoring_alert_policy.missing_tick] :
      strcontains(alert.documentation[0].content, "`firebreak doctor --project my-project-1`")
    ])
    error_message = "An alert names a command that is about no project."
  }

  assert {
    condition     = reverse(output.next)[0] == "node tests/fixtures/build/firebreak.mjs doctor --project my-project-1 --policy 'tests/fixtures/our policy.yaml'"
    error_message = "The command of doctor cannot be typed where Terraform runs."
  }
}

run "resume_by_whom_gcloud_proves" {
  command = plan

  variables {
    operator_audience = ["32555940559.apps.googleusercontent.com"]
  }

  assert {
    condition     = endswith(output.publish.resume, "\"requestedBy\":\"YOU\",\"idToken\":\"'\"$(gcloud auth print-identity-token)\"'\"}'") && !strcontains(output.publish.halt, "idToken")
    error_message = "The resume would be refused, or a halt waits for a token."
  }
}

run "network_of_two_deployments" {
  command = plan

  variables {
    networks = [{ name = "default" }, { name = "shared", project = "host-project-1", rules = false }]
  }

  assert {
    condition     = toset([for rule in google_compute_firewall.quarantine : rule.project]) == toset(["my-project-1"]) && length(google_compute_firewall.quarantine) == 4
    error_message = "Rules are created that another deployment has."
  }

  assert {
    condition     = contains([for role in google_project_iam_custom_role.network : role.project], "host-project-1")
    error_message = "contain may not look for the rules that another deployment has."
  }
}

run "archives_that_are_built_with_a_key" {
  command = plan

  variables {
    kms_key = "projects/my-keys-1/locations/europe-west1/keyRings/r/cryptoKeys/k"
  }

  assert {
    condition     = strcontains(google_project_iam_member.build["source"].condition[0].expression, "startsWith(\"projects/_/buckets/gcf-v2-sources-123456789012-europe-west1-\")")
    error_message = "Cloud Build may not read the archives that are encrypted with the key."
  }
}

run "as_much_as_possible" {
  command = plan

  variables {
    clusters = [
      { location = "europe-west1", name = "a-cluster-with-a-long-name", falco = true },
      { location = "europe-west1-b", name = "c2", node_prefix = "gke-other-" },
    ]
    networks              = [{ name = "default" }, { name = "a-network-of-twentyfour--x", project = "host-project-1" }]
    mode                  = "act"
    policy_file           = "examples/full/policy.yaml"
    rules_file            = "examples/full/rules.yaml"
    deleting              = true
    ssh_key               = { key = "ana:ssh-ed25519 AAAA", node_accounts = ["gke-nodes@my-project-1.iam.gserviceaccount.com"] }
    evidence              = { bucket = "my-evidence", retention_days = 365, lock = true }
    kms_key               = "projects/my-keys-1/locations/europe-west1/keyRings/r/cryptoKeys/k"
    labels                = { team = "security" }
    vpc                   = { network = "n", subnetwork = "s" }
    operators             = ["group:oncall@example.com"]
    operator_audience     = ["/projects/1/global/backendServices/2"]
    console               = {}
    notifiers             = { slack = { channel = "C0123456789", token_secret = "firebreak-slack-token" } }
    falco_publishers      = ["serviceAccount:falco@my-project-1.iam.gserviceaccount.com"]
    node_condition        = "names"
    log_match_alert       = false
    data_access_logs      = false
    notification_channels = ["projects/my-project-1/notificationChannels/1"]
    otlp_endpoint         = "https://telemetry.googleapis.com"
  }

  assert {
    condition = toset(concat(
      keys(google_project_iam_member.project),
      [for key in keys(google_project_iam_member.nodes) : split("/", key)[0]],
      [for key in keys(google_project_iam_member.network) : reverse(split("/", key))[0]],
      [for key in keys(google_service_account_iam_member.node_account) : split("/", key)[0]],
      keys(google_storage_bucket_iam_member.evidence),
      keys(google_storage_bucket_iam_member.exhibit),
      keys(google_project_iam_member.database),
    )) == toset(keys(jsondecode(file("generated/roles.json"))))
    error_message = "A role is granted to nobody, or one that is not declared is granted."
  }

  assert {
    condition     = alltrue([for id, role in google_project_iam_custom_role.function : role.permissions == toset(jsondecode(file("generated/roles.json"))[id].permissions)]) && alltrue([for key, role in google_project_iam_custom_role.network : role.permissions == toset(jsondecode(file("generated/roles.json"))[reverse(split("/", key))[0]].permissions)])
    error_message = "A role holds other permissions than those that are declared."
  }

  assert {
    condition     = keys(google_storage_bucket_iam_member.evidence) == ["firebreak_contain_evidence"] && [for grant in google_storage_bucket_iam_member.exhibit : grant.condition[0].expression] == ["resource.name.endsWith(\"/objects/what-stays-valid.json\")"] && google_storage_bucket.evidence.uniform_bucket_level_access
    error_message = "The console reads more of the evidence than what stays valid."
  }

  assert {
    condition     = strcontains(google_secret_manager_secret_version.file["policy"].secret_data, "\nmode: act # by Terraform\n")
    error_message = "The mode is not written into the policy."
  }

  assert {
    condition     = [for id, role in google_project_iam_custom_role.function : id if contains(role.permissions, "compute.instances.delete")] == ["firebreak_contain_nodes_deleting"]
    error_message = "The right to delete is not a role of its own."
  }

  assert {
    condition     = length(google_service_account_iam_member.node_account) == 1
    error_message = "contain cannot set the key that it is given."
  }

  assert {
    # decide, operate, and contain with its two opt-ins.
    condition     = length(google_project_iam_member.nodes) == 5 && toset([for grant in google_project_iam_member.nodes : grant.condition[0].expression]) == toset(["resource.name.extract(\"/instances/{name}\").startsWith(\"gke-a-cluster-with-a\") || resource.name.extract(\"/instances/{name}\").startsWith(\"gke-other-\")"])
    error_message = "Rights on VMs are not held to nodes of served clusters."
  }

  assert {
    condition     = toset([for rule in google_compute_firewall.quarantine : rule.project]) == toset(["my-project-1", "host-project-1"]) && contains([for rule in google_compute_firewall.quarantine : rule.name], "firebreak-a-network-of-twentyfour-4ec50b-deny-egress-ipv6")
    error_message = "The rules are not in the project of their network, or not called what contain looks for."
  }

  assert {
    condition     = toset([for role in google_project_iam_custom_role.network : role.project]) == toset(["my-project-1", "host-project-1"])
    error_message = "contain may not look for the rules of a shared network."
  }

  assert {
    condition     = [for name, function in google_cloudfunctions2_function.function : name if length(function.service_config[0].direct_vpc_network_interface) > 0] == [for name, one in jsondecode(file("generated/deployment.json")).functions : name if one.clusters]
    error_message = "Whoever calls a cluster, and nobody else, does so through the subnetwork."
  }

  assert {
    condition     = google_cloudfunctions2_function.function["contain"].service_config[0].direct_vpc_egress == "VPC_EGRESS_PRIVATE_RANGES_ONLY"
    error_message = "Public addresses are called through the subnetwork, too."
  }

  assert {
    condition     = google_pubsub_topic.falco["threat-europe-west1-a-cluster-with-a-long-name"].name == "firebreak-threat-europe-west1-a-cluster-with-a-long-name" && google_pubsub_subscription.push["firebreak-detect-threat-threat-europe-west1-a-cluster-with-a-long-name"].topic == "firebreak-threat-europe-west1-a-cluster-with-a-long-name"
    error_message = "Falco's topic is not read."
  }

  assert {
    condition     = google_cloudfunctions2_function.function["notify"].service_config[0].secret_environment_variables[0].secret == "firebreak-slack-token"
    error_message = "notify is not given its token."
  }

  assert {
    condition     = google_storage_bucket.evidence.retention_policy[0].is_locked && google_storage_bucket.evidence.encryption[0].default_kms_key_name == var.kms_key && google_pubsub_topic.topic["findings"].kms_key_name == var.kms_key
    error_message = "Not everything is encrypted with the key."
  }

  assert {
    condition     = length(google_kms_crypto_key_iam_member.agent) == 7 && length(google_project_iam_audit_config.data_access) == 0 && length(google_monitoring_alert_policy.log_match) == 0
    error_message = "What was said is not what is planned."
  }
}

run "identities_and_addresses" {
  command = apply

  assert {
    condition = alltrue([
      for name, subscription in google_pubsub_subscription.push :
      subscription.push_config[0].push_endpoint == "https://some-function.a.run.app/projects/my-project-1/topics/${subscription.topic}" && subscription.push_config[0].oidc_token[0].audience == "https://some-function.a.run.app" && subscription.push_config[0].oidc_token[0].service_account_email == google_service_account.push.email
    ])
    error_message = "A push does not name its topic, or carries no identity."
  }

  assert {
    condition     = !strcontains(output.kubernetes_manifests, "EMAIL-OF-") && !strcontains(output.kubernetes_manifests, "ID-OF-") && length(jsondecode(output.kubernetes_manifests).items) > 10
    error_message = "The manifests for the clusters name no account."
  }

  assert {
    condition     = alltrue([for name, one in google_cloudfunctions2_function.function : one.service_config[0].environment_variables.FIREBREAK_PROJECT == "my-project-1"])
    error_message = "A function is not told its project."
  }

  assert {
    condition     = alltrue([for name, one in google_cloudfunctions2_function.function : one.service_config[0].environment_variables.NODE_OPTIONS == "--max-semi-space-size=8"])
    error_message = "A function collects garbage all the time."
  }

  assert {
    condition     = alltrue([for version in google_secret_manager_secret_version.file : version.deletion_policy == "ABANDON"])
    error_message = "A version that a running revision mounts may be disabled."
  }

  assert {
    condition     = google_cloudfunctions2_function.function["decide"].service_config[0].environment_variables.FIREBREAK_POLICY_SHA256 == sha256(google_secret_manager_secret_version.file["policy"].secret_data) && google_cloudfunctions2_function.function["decide"].service_config[0].environment_variables.FIREBREAK_RULES_SHA256 == sha256(file("../config/rules.yaml"))
    error_message = "A function is told of another policy or other rules than those that are mounted."
  }

  assert {
    condition     = jsondecode(google_cloudfunctions2_function.function["contain"].service_config[0].environment_variables.FIREBREAK_CLUSTERS) == [{ cluster = "c1", location = "europe-west1", project = "my-project-1" }]
    error_message = "contain is not told which clusters it serves."
  }

  assert {
    condition     = !contains(keys(google_cloudfunctions2_function.function["contain"].service_config[0].environment_variables), "FIREBREAK_KILLER_IMAGE")
    error_message = "What is not set is passed on as nothing."
  }

  assert {
    condition     = google_service_account_iam_member.push.member == "serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com" && google_service_account_iam_member.push.role == "roles/iam.serviceAccountOpenIdTokenCreator"
    error_message = "Pub/Sub may not get the tokens with which it delivers."
  }

  assert {
    condition     = length(google_pubsub_subscription_iam_member.dead_letters) == 8 && google_pubsub_topic_iam_member.dead_letters.member == "serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com"
    error_message = "Pub/Sub may not move what it gives up."
  }
}

# From here on the module has been applied.

run "another_region" {
  command         = plan
  expect_failures = [terraform_data.fixed]
  variables { region = "europe-west4" }
}

run "a_key_for_what_has_none" {
  command         = plan
  expect_failures = [terraform_data.fixed]
  variables { kms_key = "projects/my-keys-1/locations/europe-west1/keyRings/security/cryptoKeys/firebreak" }
}

run "nothing_is_deleted" {
  command = apply

  variables {
    deleting_workloads = false
  }

  assert {
    condition = toset(flatten([
      for item in jsondecode(output.kubernetes_manifests).items : [for rule in try(item.rules, []) : rule.resources if contains(rule.verbs, "delete")]
    ])) == toset(["networkpolicies"])
    error_message = "More may be deleted than the network policy that was made."
  }

  assert {
    condition     = endswith(reverse(output.next)[0], " --no-deleting")
    error_message = "doctor is not told."
  }
}

run "many_clusters" {
  command = plan

  variables {
    clusters = [for n in range(9) : { location = "europe-west1", name = "c${n}" }]
  }

  assert {
    condition     = length(google_project_iam_member.nodes) == 9 && alltrue([for grant in google_project_iam_member.nodes : length(regexall("[|][|]", grant.condition[0].expression)) <= 12])
    error_message = "There are more conditions than IAM takes, or one has more operators."
  }
}

run "pagerduty_in_the_eu" {
  command = plan
  variables { notifiers = { pagerduty = { routing_key_secret = "firebreak-pagerduty-key", eu = true } } }

  assert {
    condition     = google_cloudfunctions2_function.function["notify"].service_config[0].environment_variables["FIREBREAK_PAGERDUTY_ENDPOINT"] == "https://events.eu.pagerduty.com"
    error_message = "notify calls another PagerDuty than that of the account."
  }
}

run "pagerduty_elsewhere" {
  command = plan
  variables { notifiers = { pagerduty = { routing_key_secret = "firebreak-pagerduty-key" } } }

  assert {
    condition     = !contains(keys(google_cloudfunctions2_function.function["notify"].service_config[0].environment_variables), "FIREBREAK_PAGERDUTY_ENDPOINT")
    error_message = "notify calls another PagerDuty than that of the account."
  }
}

run "cluster_added_at_the_end" {
  command = plan

  variables {
    clusters = [for name in ["e", "d", "c", "b", "a"] : { location = "europe-west1", name = name }]
  }

  assert {
    condition     = startswith(google_project_iam_member.nodes["firebreak_contain_nodes/0"].condition[0].expression, "resource.name.extract(\"/instances/{name}\").startsWith(\"gke-e-\")") && !strcontains(google_project_iam_member.nodes["firebreak_contain_nodes/0"].condition[0].expression, "gke-a-")
    error_message = "A cluster that is added takes the grants on the nodes of others away."
  }
}

run "every_function_in_the_subnetwork" {
  command = plan

  variables {
    vpc = { network = "n", subnetwork = "s", every_function = true, egress = "all-traffic" }
  }

  assert {
    condition     = alltrue([for function in google_cloudfunctions2_function.function : length(function.service_config[0].direct_vpc_network_interface) == 1 && function.service_config[0].direct_vpc_egress == "VPC_EGRESS_ALL_TRAFFIC"])
    error_message = "An organization policy would refuse a function that is not connected, or not with all of its traffic."
  }
}
