# A configuration that cannot work fails in the plan, with a sentence that says why.

mock_provider "google" {
  mock_data "google_project" {
    defaults = { number = "123456789012" }
  }
}

variables {
  project      = "my-project-1"
  region       = "europe-west1"
  clusters     = [{ location = "europe-west1", name = "c1" }]
  networks     = [{ name = "default" }]
  build_folder = "tests/fixtures/build"
}

run "project_by_number" {
  command         = plan
  expect_failures = [var.project]
  variables { project = "123456789012" }
}

run "region_is_a_zone" {
  command         = plan
  expect_failures = [var.region]
  variables { region = "europe-west1-b" }
}

run "region_is_a_multi_region" {
  command         = plan
  expect_failures = [var.region]
  variables { region = "eu" }
}

run "no_clusters" {
  command         = plan
  expect_failures = [var.clusters]
  variables { clusters = [] }
}

run "cluster_without_a_name" {
  command         = plan
  expect_failures = [var.clusters]
  variables { clusters = [{ location = "europe-west1", name = "" }] }
}

run "cluster_in_no_zone" {
  command         = plan
  expect_failures = [var.clusters]
  variables { clusters = [{ location = "us-central1-ai1", name = "c1" }] }
}

run "cluster_in_an_ai_zone" {
  command = plan
  variables { clusters = [{ location = "us-central1-ai1a", name = "c1" }] }
}

run "cluster_named_twice" {
  command         = plan
  expect_failures = [var.clusters]
  variables { clusters = [{ location = "europe-west1", name = "c1" }, { location = "europe-west1", name = "c1" }] }
}

run "node_prefix_of_any_vm" {
  command         = plan
  expect_failures = [var.clusters]
  variables { clusters = [{ location = "europe-west1", name = "c1", node_prefix = "g" }] }
}

run "two_clusters_with_one_topic_of_falco" {
  command         = plan
  expect_failures = [var.clusters]
  variables { clusters = [{ location = "europe-west1", name = "b-x", falco = true }, { location = "europe-west1-b", name = "x", falco = true }] }
}

run "two_clusters_one_of_them_with_falco" {
  command = plan
  variables { clusters = [{ location = "europe-west1", name = "b-x", falco = true }, { location = "europe-west1-b", name = "x" }] }
}

run "no_networks" {
  command         = plan
  expect_failures = [var.networks]
  variables { networks = [] }
}

run "network_listed_twice" {
  command         = plan
  expect_failures = [var.networks]
  variables { networks = [{ name = "default" }, { name = "default", project = "my-project-1" }] }
}

run "act_without_a_policy" {
  command         = plan
  expect_failures = [var.mode]
  variables { mode = "act" }
}

run "mode_that_is_none" {
  command         = plan
  expect_failures = [var.mode]
  variables { mode = "enforce" }
}

run "policy_that_is_not_there" {
  command         = plan
  expect_failures = [var.policy_file]
  variables { policy_file = "tests/fixtures/none.yaml" }
}

run "policy_that_is_a_folder" {
  command         = plan
  expect_failures = [var.policy_file]
  variables { policy_file = "tests/fixtures" }
}

run "policy_that_is_no_mapping" {
  command         = plan
  expect_failures = [var.policy_file]
  variables { policy_file = "tests/fixtures/list.yaml" }
}

run "policy_whose_mode_cannot_be_written" {
  command         = plan
  expect_failures = [google_secret_manager_secret_version.file]
  variables { policy_file = "tests/fixtures/flow.yaml" }
}

run "rules_that_are_not_there" {
  command         = plan
  expect_failures = [var.rules_file]
  variables { rules_file = "tests/fixtures/none.yaml" }
}

run "own_rules_without_their_filter" {
  command         = plan
  expect_failures = [google_logging_project_sink.audit_log]
  variables { rules_file = "tests/fixtures/rules.yaml" }
}

run "more_clusters_than_a_filter_holds" {
  command         = plan
  expect_failures = [google_logging_project_sink.audit_log]
  variables { clusters = [for n in range(200) : { location = "europe-west1", name = "a-cluster-with-a-long-name-${n}" }] }
}

run "more_clusters_than_conditions_hold" {
  command         = plan
  expect_failures = [google_project_iam_member.nodes]
  variables { clusters = [for n in range(81) : { location = "europe-west1", name = "c${n}" }] }
}

run "more_clusters_with_one_prefix" {
  command = plan
  variables { clusters = [for n in range(81) : { location = "europe-west1", name = "c${n}", node_prefix = "gke-" }] }

  assert {
    condition     = length(google_project_iam_member.nodes) == 3
    error_message = "One prefix takes more than one condition."
  }
}

run "own_rules_with_their_filter" {
  command = plan

  variables {
    rules_file       = "tests/fixtures/rules.yaml"
    sink_filter_file = "tests/fixtures/filter.txt"
  }

  assert {
    condition     = endswith(google_logging_project_sink.audit_log.filter, "\nAND severity>=DEFAULT")
    error_message = "The sink does not have the filter that was named."
  }
}

run "ssh_key_that_is_private" {
  command         = plan
  expect_failures = [var.ssh_key]
  variables { ssh_key = { key = "-----BEGIN OPENSSH PRIVATE KEY-----", node_accounts = ["123456789012-compute@developer.gserviceaccount.com"] } }
}

run "ssh_key_for_no_account" {
  command         = plan
  expect_failures = [var.ssh_key]
  variables { ssh_key = { key = "ana:ssh-ed25519 AAAA", node_accounts = [] } }
}

run "operator_without_a_kind" {
  command         = plan
  expect_failures = [var.operators]
  variables { operators = ["ana@example.com"] }
}

run "requests_from_everybody" {
  command         = plan
  expect_failures = [var.operators]
  variables { operators = ["allUsers"] }
}

run "alerts_from_everybody" {
  command         = plan
  expect_failures = [var.falco_publishers]
  variables { falco_publishers = ["allAuthenticatedUsers"] }
}

run "alerts_of_no_cluster" {
  command         = plan
  expect_failures = [var.falco_publishers]
  variables { falco_publishers = ["serviceAccount:falcosidekick@my-project-1.iam.gserviceaccount.com"] }
}

run "evidence_for_everybody" {
  command         = plan
  expect_failures = [var.evidence_readers]
  variables { evidence_readers = ["allUsers"] }
}

run "console_for_everybody" {
  command         = plan
  expect_failures = [var.console]

  variables {
    console           = { invokers = ["allUsers"] }
    operator_audience = ["/projects/1/global/backendServices/2"]
  }
}

run "members_of_every_kind_and_listed_twice" {
  command = plan

  variables {
    clusters          = [{ location = "europe-west1", name = "c1", falco = true }]
    operators         = ["user:ana@example.com", "principalSet://iam.googleapis.com/locations/global/workforcePools/p/group/g", "user:ana@example.com"]
    falco_publishers  = ["serviceAccount:my-project-1.svc.id.goog[falco/falco]", "serviceAccount:my-project-1.svc.id.goog[falco/falco]"]
    console           = { invokers = ["domain:example.com", "domain:example.com"] }
    operator_audience = ["/projects/1/global/backendServices/2"]
    ssh_key           = { key = "ana:ssh-ed25519 AAAA", node_accounts = ["gke-nodes@my-project-1.iam.gserviceaccount.com", "gke-nodes@my-project-1.iam.gserviceaccount.com"] }
  }

  assert {
    condition     = length(google_pubsub_topic_iam_member.operator) == 2 && length(google_pubsub_topic_iam_member.falco) == 1 && length(google_cloud_run_v2_service_iam_member.console) == 2 && length(google_service_account_iam_member.node_account) == 1
    error_message = "A member that is listed twice is not granted once."
  }
}

run "investigation_from_anywhere_else" {
  command         = plan
  expect_failures = [var.investigation]
  variables { investigation = { from = "the office" } }
}

run "image_by_tag" {
  command         = plan
  expect_failures = [var.images]
  variables { images = { forensics = "debian:13" } }
}

run "console_for_nobody" {
  command         = plan
  expect_failures = [var.console]
  variables { console = {} }
}

run "token_in_place_of_its_secret" {
  command         = plan
  expect_failures = [var.notifiers]
  variables { notifiers = { slack = { channel = "C0123456789", token_secret = "xoxb-1234567890" } } }
}

run "evidence_for_no_time" {
  command         = plan
  expect_failures = [var.evidence]
  variables { evidence = { retention_days = 0 } }
}

run "evidence_in_a_bucket_of_google" {
  command         = plan
  expect_failures = [var.evidence]
  variables { evidence = { bucket = "my-google-evidence" } }
}

run "key_of_another_region" {
  command         = plan
  expect_failures = [var.kms_key]
  variables { kms_key = "projects/p/locations/us-east1/keyRings/r/cryptoKeys/k" }
}

run "label_of_google" {
  command         = plan
  expect_failures = [var.labels]
  variables { labels = { goog-team = "security" } }
}

run "label_in_capitals" {
  command         = plan
  expect_failures = [var.labels]
  variables { labels = { Team = "Security" } }
}

run "rules_larger_than_a_secret" {
  command         = plan
  expect_failures = [google_secret_manager_secret_version.file]
  variables { rules_file = "tests/fixtures/large.yaml" }
}

run "channel_by_display_name" {
  command         = plan
  expect_failures = [var.notification_channels]
  variables { notification_channels = ["on call"] }
}

run "silence_of_days" {
  command         = plan
  expect_failures = [var.silent_sink_hours]
  variables { silent_sink_hours = 48 }
}

run "silence_of_a_part_of_a_minute" {
  command         = plan
  expect_failures = [var.silent_sink_hours]
  variables { silent_sink_hours = 1.333 }
}

run "silence_of_an_hour_and_a_half" {
  command = plan
  variables { silent_sink_hours = 1.5 }

  assert {
    condition     = google_monitoring_alert_policy.silent_sink.conditions[0].condition_absent[0].duration == "5400s"
    error_message = "The alert does not wait as long as it should."
  }
}

run "nothing_built" {
  command         = plan
  expect_failures = [var.build_folder]
  variables { build_folder = "tests/fixtures" }
}

run "function_that_is_none" {
  command         = plan
  expect_failures = [var.functions]
  variables { functions = { decides = { memory = "1Gi" } } }
}

run "memory_in_another_unit" {
  command         = plan
  expect_failures = [var.functions]
  variables { functions = { decide = { memory = "1GB" } } }
}

run "more_warm_instances_than_there_may_be" {
  command         = plan
  expect_failures = [var.functions]
  variables { functions = { notify = { min_instances = 6 } } }
}

run "no_instance_at_all" {
  command         = plan
  expect_failures = [var.functions]
  variables { functions = { contain = { max_instances = 0 } } }
}

run "functions_of_other_sizes" {
  command = plan
  variables { functions = { contain = { memory = "2Gi", min_instances = 1 }, decide = { max_instances = 1 } } }

  assert {
    condition     = google_cloudfunctions2_function.function["contain"].service_config[0].min_instance_count == 1 && google_cloudfunctions2_function.function["decide"].service_config[0].max_instance_count == 1
    error_message = "The sizes are not those that were set."
  }
}

run "node_condition_that_is_none" {
  command         = plan
  expect_failures = [var.node_condition]
  variables { node_condition = "tags" }
}

run "egress_that_is_none" {
  command         = plan
  expect_failures = [var.vpc]
  variables { vpc = { network = "n", subnetwork = "s", egress = "ALL_TRAFFIC" } }
}

run "subnetwork_of_another_region" {
  command         = plan
  expect_failures = [var.vpc]
  variables { vpc = { network = "n", subnetwork = "projects/my-project-1/regions/us-east1/subnetworks/s" } }
}

run "network_of_a_project_by_number" {
  command         = plan
  expect_failures = [var.networks]
  variables { networks = [{ name = "shared", project = "123456789012" }] }
}

run "ssh_key_for_a_member" {
  command         = plan
  expect_failures = [var.ssh_key]
  variables { ssh_key = { key = "ana:ssh-ed25519 AAAA", node_accounts = ["serviceAccount:gke-nodes@my-project-1.iam.gserviceaccount.com"] } }
}

run "ssh_key_for_an_account_that_cannot_be" {
  command         = plan
  expect_failures = [var.ssh_key]
  variables { ssh_key = { key = "ana:ssh-ed25519 AAAA", node_accounts = ["nodes@my-project-1.iam.gserviceaccount.com"] } }
}

run "ssh_key_for_an_account_of_another_project" {
  command         = plan
  expect_failures = [google_service_account_iam_member.node_account]
  variables { ssh_key = { key = "ana:ssh-ed25519 AAAA", node_accounts = ["gke-nodes@my-project-2.iam.gserviceaccount.com"] } }
}

run "ssh_key_for_the_default_account_of_another_project" {
  command         = plan
  expect_failures = [google_service_account_iam_member.node_account]
  variables { ssh_key = { key = "ana:ssh-ed25519 AAAA", node_accounts = ["210987654321-compute@developer.gserviceaccount.com"] } }
}

run "ssh_key_in_a_project_of_a_domain" {
  command = plan

  variables {
    project = "example.com:my-project-1"
    ssh_key = { key = "ana:ssh-ed25519 AAAA", node_accounts = ["gke-nodes@my-project-1.example.com.iam.gserviceaccount.com", "123456789012-compute@developer.gserviceaccount.com"] }
  }
}

run "investigation_from_no_range" {
  command         = plan
  expect_failures = [var.investigation]
  variables { investigation = { from = "203.0.113.0/33" } }
}

run "investigation_from_two_versions" {
  command         = plan
  expect_failures = [var.investigation]
  variables { investigation = { from = "203.0.113.0/28,2001:db8::/32" } }
}

run "investigation_from_bits_beyond_a_prefix" {
  command         = plan
  expect_failures = [var.investigation]
  variables { investigation = { from = "198.51.100.0/24,203.0.113.9/28" } }
}

run "investigation_from_two_ranges" {
  command = plan
  variables { investigation = { from = "203.0.113.0/28,198.51.100.7/32" } }
}

run "investigation_from_the_other_version" {
  command = plan
  variables { investigation = { from = "2001:DB8:0::/48" } }
}

run "image_with_a_scheme_before_its_digest" {
  command         = plan
  expect_failures = [var.images]
  variables { images = { killer = "Docker.io/debian@sha256:0000000000000000000000000000000000000000000000000000000000000000" } }
}

run "audience_of_nobody" {
  command         = plan
  expect_failures = [var.operator_audience]
  variables { operator_audience = [""] }
}

run "audiences_in_one_text" {
  command         = plan
  expect_failures = [var.operator_audience]
  variables { operator_audience = ["32555940559.apps.googleusercontent.com,/projects/1/global/backendServices/2"] }
}

run "console_at_a_query" {
  command         = plan
  expect_failures = [var.console]

  variables {
    console           = { url = "https://firebreak.example.com/?a=b" }
    operator_audience = ["/projects/1/global/backendServices/2"]
  }
}

run "webhook_with_a_password" {
  command         = plan
  expect_failures = [var.notifiers]
  variables { notifiers = { webhook = { url = "https://ana:secret@hooks.example.com/", signing_secret = "hook" } } }
}

run "webhook_with_a_query" {
  command = plan
  variables { notifiers = { webhook = { url = "https://hooks.example.com/a@b?to=firebreak", signing_secret = "hook" } } }
}

run "slack_channel_with_spaces" {
  command         = plan
  expect_failures = [var.notifiers]
  variables { notifiers = { slack = { channel = "on call", token_secret = "slack" } } }
}

run "slack_channel_by_name" {
  command = plan
  variables { notifiers = { slack = { channel = "#sécurité", token_secret = "slack" } } }
}

run "memory_for_two_cpus" {
  command         = plan
  expect_failures = [var.functions]
  variables { functions = { contain = { memory = "8Gi" } } }
}

run "memory_for_no_function" {
  command         = plan
  expect_failures = [var.functions]
  variables { functions = { notify = { memory = "64Mi" } } }
}

# As a module around this one passes what its own caller left out.
run "nothing_said" {
  command = plan

  variables {
    mode                    = null
    deleting                = null
    deleting_workloads      = null
    data_access_logs        = null
    log_match_alert         = null
    security_command_center = null
    silent_sink_hours       = null
    node_condition          = null
    enable_apis             = null
  }

  assert {
    condition     = length(google_project_service.api) > 0 && length(google_monitoring_alert_policy.log_match) == 1 && strcontains(nonsensitive(google_secret_manager_secret_version.file["policy"].secret_data), "mode: dry-run")
    error_message = "What is left out is not the default."
  }
}

run "addresses_that_are_none" {
  command         = plan
  expect_failures = [var.otlp_endpoint, var.console, var.notifiers]
  variables {
    otlp_endpoint     = "http://<collector>:4318"
    operator_audience = ["/projects/1/global/backendServices/2"]
    console           = { url = "https://<console>" }
    notifiers         = { webhook = { url = "https://hooks.example.com:port/", signing_secret = "firebreak-webhook-secret" } }
  }
}

run "addresses_with_and_without_a_port" {
  command = plan
  variables {
    otlp_endpoint     = "http://[fd00::1]:4318/otlp"
    operator_audience = ["/projects/1/global/backendServices/2"]
    console           = { url = "https://firebreak.example.com:8443/" }
    notifiers         = { webhook = { url = "https://hooks.example.com?key=1", signing_secret = "firebreak-webhook-secret" } }
  }
}
