locals {
  # Words of a command as a shell takes them.
  shell = {
    for word in distinct(compact(["${local.build}/firebreak.mjs", var.project, var.policy_file, var.rules_file])) :
    word => can(regex("^[A-Za-z0-9_@%+=:,./-]+$", word)) ? word : "'${replace(word, "'", "'\\''")}'"
  }

  # A resume needs a verified operator wherever operate can verify one. gcloud gives people tokens of this audience only.
  proof = contains(var.operator_audience, local.deployment.gcloudAudience) ? ",\"idToken\":\"'\"$(gcloud auth print-identity-token)\"'\"" : ""
}

output "kubernetes_manifests" {
  description = "Roles, bindings and the admission policy for `kubectl apply -f -` in each served cluster. They are the same for all clusters."
  value       = local.kubernetes
}

output "next" {
  description = "The commands that remain to be typed after an apply, in this order."
  value = concat(
    [
      for cluster in var.clusters :
      "gcloud container clusters get-credentials ${cluster.name} --location ${cluster.location} --project ${var.project} && terraform output -raw kubernetes_manifests | kubectl apply -f -"
    ],
    [join(" ", concat(
      # By its file, because this is typed where Terraform runs. npx would look for the command there, and then in the registry.
      ["node", local.shell["${local.build}/firebreak.mjs"], "doctor", "--project", local.shell[var.project]],
      var.policy_file == null ? [] : ["--policy", local.shell[var.policy_file]],
      var.rules_file == null ? [] : ["--rules", local.shell[var.rules_file]],
      var.deleting_workloads ? [] : ["--no-deleting"],
    ))],
  )
}

output "publish" {
  description = "Messages by which an operator contains, halts and resumes with nothing but gcloud. Fill in the capitals: the target, the reason and your name. Where identities are verified, a resume needs a proof: gcloud's, if operator_audience has 32555940559.apps.googleusercontent.com, else the console's."
  value = {
    contain = "gcloud pubsub topics publish ${local.deployment.topics.requests} --project ${var.project} --message '{\"action\":\"contain\",\"tier\":\"isolate\",\"target\":{\"project\":\"${var.project}\",\"location\":\"${var.clusters[0].location}\",\"cluster\":\"${var.clusters[0].name}\",\"namespace\":\"NAMESPACE\",\"pod\":\"POD\"},\"reason\":\"WHY\",\"requestedBy\":\"YOU\"}'"
    halt    = "gcloud pubsub topics publish ${local.deployment.topics.requests} --project ${var.project} --message '{\"action\":\"halt\",\"reason\":\"WHY\",\"requestedBy\":\"YOU\"}'"
    resume  = "gcloud pubsub topics publish ${local.deployment.topics.requests} --project ${var.project} --message '{\"action\":\"resume\",\"reason\":\"WHY\",\"requestedBy\":\"YOU\"${local.proof}}'"
  }
}

output "falco_topics" {
  description = "The topic to which the Falco of each cluster publishes (in falcosidekick: gcp.pubsub.topic)."
  value       = { for topic, cluster in local.falco : "${cluster.location}/${cluster.name}" => google_pubsub_topic.falco[topic].name }
}

output "accounts" {
  description = "The service account of each function."
  value       = local.accounts
}

output "functions" {
  description = "The address of each function. Requests from the internet do not reach it directly."
  value       = { for name, function in google_cloudfunctions2_function.function : name => function.service_config[0].uri }
}

output "evidence_bucket" {
  description = "The name of the bucket for the evidence."
  value       = google_storage_bucket.evidence.name
}

output "policy_sha256" {
  description = "SHA-256 of the policy and of the rules, as mounted into the functions."
  value       = { for file, one in local.files : file => sha256(one.text) }
}
