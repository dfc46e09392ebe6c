# The clusters and networks that are served

variable "project" {
  description = "Id of the project to which Firebreak is deployed. The served clusters are in the same project. Cannot be changed after the first apply."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project))
    error_message = "project: expected a project id such as my-project-1, not a name or a number."
  }
}

variable "region" {
  description = "Region of the functions, databases, buckets and secrets, such as europe-west1. Cannot be changed after the first apply."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]{1,2}$", var.region))
    error_message = "region: expected a region such as europe-west1, not a zone such as europe-west1-b and not a multi-region."
  }
}

variable "clusters" {
  description = <<-EOT
    The GKE clusters that Firebreak watches and in which it acts. `location`: a region or a zone. `falco`: creates a topic for the alerts
    of this cluster's Falco, because the alerts themselves do not say which cluster they come from. `node_prefix`: the beginning of
    the names of its nodes; if left out, `gke-` and the first 16 characters of the cluster's name.
  EOT
  type = list(object({
    location    = string
    name        = string
    falco       = optional(bool, false)
    node_prefix = optional(string)
  }))
  nullable = false

  validation {
    condition     = length(var.clusters) > 0
    error_message = "clusters: name at least one cluster, such as { location = \"europe-west1\", name = \"c1\" }; without a cluster there is nothing to protect."
  }

  validation {
    condition = alltrue([
      for cluster in var.clusters :
      can(regex("^[a-z]+-[a-z]+[0-9]{1,2}(-(ai[0-9]{1,2})?[a-z])?$", cluster.location)) && can(regex("^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$", cluster.name))
    ])
    error_message = "clusters: each entry needs a location (a region or a zone) and the name of a cluster there."
  }

  validation {
    condition     = length(distinct([for cluster in var.clusters : "${cluster.location}/${cluster.name}"])) == length(var.clusters)
    error_message = "clusters: a cluster is listed twice; list each cluster once."
  }

  validation {
    condition     = alltrue([for cluster in var.clusters : cluster.node_prefix == null ? true : can(regex("^[a-z][a-z0-9-]{2,61}$", cluster.node_prefix))])
    error_message = "clusters: node_prefix must be the beginning of the names of the nodes, at least 3 characters, such as gke-c1-. A shorter one could match VMs that are no nodes."
  }

  # Both would have one topic, and an alert does not say which cluster it comes from.
  validation {
    condition     = length(distinct([for cluster in var.clusters : "${cluster.location}-${cluster.name}" if cluster.falco])) == length([for cluster in var.clusters : cluster if cluster.falco])
    error_message = "clusters: two clusters with falco have the same topic, LOCATION-NAME, such as b-x in europe-west1 and x in europe-west1-b. Set falco for one of them only."
  }
}

variable "networks" {
  description = <<-EOT
    The VPC networks in which nodes of these clusters have interfaces. Terraform creates in each network the four firewall rules that cut
    off a quarantined node. `project`: the project of the network, which for a Shared VPC is the host project; if left out, this
    project. contain gets its role for firewall rules there. `rules`: set it to false if another deployment already creates the four
    rules in this network, because their names are the same for every deployment.
  EOT
  type = list(object({
    name    = string
    project = optional(string)
    rules   = optional(bool, true)
  }))
  nullable = false

  validation {
    condition     = length(var.networks) > 0
    error_message = "networks: name at least one network, such as { name = \"default\" }; Firebreak cannot cut off a node whose network is not listed."
  }

  validation {
    condition     = alltrue([for network in var.networks : can(regex("^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$", network.name))])
    error_message = "networks: expected the name of a network, such as default, and its project in the field project."
  }

  validation {
    condition     = alltrue([for network in var.networks : network.project == null ? true : can(regex("^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$", network.project))])
    error_message = "networks: expected project as a project id such as my-network-project-1, not a name or a number."
  }

  validation {
    condition     = length(distinct([for network in var.networks : "${coalesce(network.project, var.project)}/${network.name}"])) == length(var.networks)
    error_message = "networks: a network is listed twice; list each network once."
  }
}

# How far Firebreak goes

variable "mode" {
  description = "dry-run: Firebreak decides and records everything, and changes nothing. act: Firebreak does what the policy says."
  type        = string
  default     = "dry-run"
  nullable    = false

  validation {
    condition     = contains(["dry-run", "act"], var.mode)
    error_message = "mode: expected dry-run or act."
  }

  validation {
    condition     = var.mode != "act" || var.policy_file != null
    error_message = "mode: act needs a policy_file. Copy config/policy.yaml, read it, change what does not fit, and set policy_file to the copy. The policy as shipped is for dry runs only."
  }
}

variable "policy_file" {
  description = "Path of the policy file; if left out, config/policy.yaml as shipped. The variable `mode` overrides the `mode` in the file. Check the file with: firebreak policy check FILE"
  type        = string
  default     = null

  validation {
    condition     = var.policy_file == null ? true : try(fileexists(var.policy_file), false)
    error_message = "policy_file: the file does not exist."
  }

  validation {
    condition     = var.policy_file == null ? true : !try(fileexists(var.policy_file), false) ? true : can(keys(yamldecode(file(var.policy_file))))
    error_message = "policy_file: the file is not a YAML mapping. Find the line with: firebreak policy check FILE"
  }
}

variable "rules_file" {
  description = "Path of the rules file, with facts about this deployment and rules of your own; if left out, config/rules.yaml as shipped. Check the file with: firebreak rules --rules FILE"
  type        = string
  default     = null

  validation {
    condition     = var.rules_file == null ? true : try(fileexists(var.rules_file), false)
    error_message = "rules_file: the file does not exist."
  }

  validation {
    condition     = var.rules_file == null ? true : !try(fileexists(var.rules_file), false) ? true : can(keys(yamldecode(file(var.rules_file))))
    error_message = "rules_file: the file is not a YAML mapping. Find the line with: firebreak rules --rules FILE"
  }
}

variable "sink_filter_file" {
  description = "Path of a file with the filter of the log sink, needed for a rules_file with rules or lists of its own. Create it with: firebreak filter --rules FILE > sink-filter.txt"
  type        = string
  default     = null

  validation {
    condition     = var.sink_filter_file == null ? true : try(fileexists(var.sink_filter_file), false)
    error_message = "sink_filter_file: the file does not exist."
  }

  validation {
    condition     = var.sink_filter_file == null ? true : !try(fileexists(var.sink_filter_file), false) ? true : length(file(var.sink_filter_file)) <= 20000 && length(trimspace(file(var.sink_filter_file))) > 0
    error_message = "sink_filter_file: expected a filter of 1 to 20,000 characters, the limit of Cloud Logging."
  }
}

variable "deleting_workloads" {
  description = "Whether contain may delete workloads and pods in the clusters, and run a pod of its own on a node to end containers that still run there. The tiers redeploy and delete-workload need this, and ask first unless the policy says otherwise. If false, the steps of these tiers are refused."
  type        = bool
  default     = true
  nullable    = false
}

variable "deleting" {
  description = "Whether contain may delete a VM, for the tier delete-host. If false, contain does not get this permission, and the step is refused."
  type        = bool
  default     = false
  nullable    = false
}

variable "ssh_key" {
  description = <<-EOT
    For nodes with OS Login turned off. `key`: the public key, as `USER:KEY`, that an investigation may put into the metadata of a cut
    node. `node_accounts`: the service accounts of the nodes, which must be of this project. To set the metadata, contain must be able to act as them, which is a
    strong permission; it is granted only if this variable is set.
  EOT
  type = object({
    key           = string
    node_accounts = list(string)
  })
  default = null

  validation {
    condition     = var.ssh_key == null ? true : can(regex("^[a-z_][a-z0-9_-]{0,31}:(ssh|ecdsa)-[a-z0-9-]+ [A-Za-z0-9+/=]+( .{1,100})?$", var.ssh_key.key))
    error_message = "ssh_key: expected key as USER:KEY with the public key, such as ana:ssh-ed25519 AAAA..."
  }

  validation {
    condition     = var.ssh_key == null ? true : length(var.ssh_key.node_accounts) > 0
    error_message = "ssh_key: list the e-mail addresses of the node_accounts; without them contain cannot set the key."
  }

  validation {
    condition     = var.ssh_key == null ? true : alltrue([for account in var.ssh_key.node_accounts : can(regex("^([a-z][a-z0-9-]{4,28}[a-z0-9]@[a-z0-9.-]{1,63}\\.iam\\.gserviceaccount\\.com|[0-9]{1,20}-compute@developer\\.gserviceaccount\\.com)$", account))])
    error_message = "ssh_key: expected node_accounts as the e-mail addresses of service accounts, such as gke-nodes@my-project-1.iam.gserviceaccount.com (a name of 6 to 30 characters) or 123456789012-compute@developer.gserviceaccount.com, without serviceAccount:."
  }
}

variable "investigation" {
  description = "From where an investigator may reach a cut node (`from`: the `tag:NAME` of an intermediary VM, or address ranges separated by commas), and for how many `minutes`. If left out: from Identity-Aware Proxy, for an hour."
  type = object({
    from    = optional(string)
    minutes = optional(number)
  })
  default  = {}
  nullable = false

  # As shared/containment/settings.ts reads it: contain does not start with anything else.
  validation {
    condition = var.investigation.from == null ? true : can(regex("^tag:[a-z]([a-z0-9-]{0,61}[a-z0-9])?$", var.investigation.from)) || (
      alltrue([for range in split(",", var.investigation.from) : can(cidrhost(range, 0))])
      && length(distinct([for range in split(",", var.investigation.from) : strcontains(range, ":")])) == 1
    )
    error_message = "investigation: expected from as tag:NAME, or as address ranges of one IP version separated by commas, such as 203.0.113.0/28,198.51.100.0/24."
  }

  # Compute Engine refuses such a range when contain makes the rule, in an incident.
  validation {
    condition = var.investigation.from == null ? true : alltrue([
      for range in split(",", var.investigation.from) :
      cidrhost(range, 0) == cidrhost("${split("/", range)[0]}/${strcontains(range, ":") ? 128 : 32}", 0) if can(cidrhost(range, 0))
    ])
    error_message = "investigation: a range has bits beyond its prefix, as 203.0.113.9/28 has: write 203.0.113.0/28, or 203.0.113.9/32 for one address."
  }

  validation {
    condition     = var.investigation.minutes == null ? true : var.investigation.minutes >= 1 && var.investigation.minutes <= 1440 && floor(var.investigation.minutes) == var.investigation.minutes
    error_message = "investigation: expected minutes as a whole number from 1 to 1440."
  }
}

variable "images" {
  description = "Container images, by digest. `forensics`: the image of the container that attach-forensics adds to a pod. `killer`: the image of the pod that kill-container runs on a node. A step without its image is refused."
  type = object({
    forensics = optional(string)
    killer    = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for image in [var.images.forensics, var.images.killer] : image == null ? true : can(regex("^[a-z0-9][a-z0-9._:/-]{0,200}(:[A-Za-z0-9._-]{1,128})?@sha256:[0-9a-f]{64}$", image))])
    error_message = "images: expected images by digest, such as registry.example.com/tools/debian@sha256:..., so that nobody can replace their content."
  }
}

# Sources of signals

variable "data_access_logs" {
  description = <<-EOT
    Whether Data Access logs of Kubernetes are written. No other log contains reads of secrets, commands over WebSocket, and
    reconnaissance. The default log bucket excludes these entries, except those that an alert needs, so that you pay for the export and
    not for storage. This replaces any audit configuration that the project has for container.googleapis.com.
  EOT
  type        = bool
  default     = true
  nullable    = false
}

variable "log_match_alert" {
  description = "Whether an alerting policy of Cloud Monitoring also reports log entries that a conclusive rule may match. Firebreak then learns of them even if the sink is broken or was removed."
  type        = bool
  default     = true
  nullable    = false
}

variable "security_command_center" {
  description = "Whether Firebreak receives the findings of Security Command Center, which must be active for the project."
  type        = bool
  default     = false
  nullable    = false
}

variable "falco_publishers" {
  description = "Who may publish alerts of Falco, as IAM members such as serviceAccount:falcosidekick@my-project-1.iam.gserviceaccount.com."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for member in var.falco_publishers : can(regex("^[A-Za-z]+:.+$", member))])
    error_message = "falco_publishers: expected IAM members with their kind, such as serviceAccount:NAME@PROJECT.iam.gserviceaccount.com, and neither allUsers nor allAuthenticatedUsers."
  }

  validation {
    condition     = length(var.falco_publishers) == 0 || anytrue(var.clusters[*].falco)
    error_message = "falco_publishers: no cluster has falco = true, so there is no topic where they may publish. Set it on each cluster whose Falco sends alerts."
  }
}

# People

variable "operators" {
  description = "Who may publish requests and read incidents, as IAM members such as group:oncall@example.com."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for member in var.operators : can(regex("^[A-Za-z]+:.+$", member))])
    error_message = "operators: expected IAM members with their kind, such as user:ana@example.com or group:oncall@example.com, and neither allUsers nor allAuthenticatedUsers."
  }
}

variable "operator_audience" {
  description = "Audiences of the ID tokens by which operators prove who they are. If at least one is set, the deleting tiers, release and resume need a verified operator."
  type        = list(string)
  default     = []
  nullable    = false

  # An audience that is empty would not be told to the functions, and requests would go unverified.
  validation {
    condition     = alltrue([for audience in var.operator_audience : can(regex("^[!-+.-~-]{1,300}$", audience))])
    error_message = "operator_audience: expected one audience in each element, such as 32555940559.apps.googleusercontent.com, without spaces and commas."
  }
}

variable "console" {
  description = <<-EOT
    Deploys the console, behind Identity-Aware Proxy; docs/deploy.md says how. The audience of the proxy must be in operator_audience.
    `url`: the address at which people reach the console; notices link to it. `invokers`: who else may call the console, as IAM members.
  EOT
  type = object({
    url      = optional(string)
    invokers = optional(list(string), [])
  })
  default = null

  validation {
    condition     = var.console == null ? true : length(var.operator_audience) > 0
    error_message = "console: set operator_audience to the audience of Identity-Aware Proxy; without it the console cannot verify who uses it."
  }

  validation {
    condition     = alltrue([for member in try(var.console.invokers, []) : can(regex("^[A-Za-z]+:.+$", member))])
    error_message = "console: expected invokers as IAM members with their kind, such as serviceAccount:NAME@PROJECT.iam.gserviceaccount.com, and neither allUsers nor allAuthenticatedUsers."
  }

  validation {
    condition     = try(var.console.url, null) == null ? true : can(regex("^https://${local.host}(/[^?#\\s]*)?$", var.console.url))
    error_message = "console: expected url as https://..., without a query."
  }
}

variable "notifiers" {
  description = <<-EOT
    Where notices go in addition to Cloud Logging. Tokens and keys are given by the id of a secret that you created in this project, such as by
    printf %s "$TOKEN" | gcloud secrets create firebreak-slack-token --data-file=-
    `eu`: whether PagerDuty has your account in its service region EU.
  EOT
  type = object({
    slack     = optional(object({ channel = string, token_secret = string }))
    pagerduty = optional(object({ routing_key_secret = string, eu = optional(bool, false) }))
    webhook   = optional(object({ url = string, signing_secret = string }))
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for secret in [try(var.notifiers.slack.token_secret, null), try(var.notifiers.pagerduty.routing_key_secret, null), try(var.notifiers.webhook.signing_secret, null)] : secret == null ? true : can(regex("^[A-Za-z][A-Za-z0-9_-]{0,254}$", secret)) && !can(regex("^(xox[a-z]-|whsec_)", secret))])
    error_message = "notifiers: expected the ids of secrets of this project, not the secrets themselves."
  }

  # As shared/notify-settings.ts reads them: notify does not start with anything else.
  validation {
    condition     = var.notifiers.webhook == null ? true : length(var.notifiers.webhook.url) <= 2000 && can(regex("^https://${local.host}([/?][^#\\s]*)?$", var.notifiers.webhook.url))
    error_message = "notifiers: expected the webhook's url as https://..., without a user name."
  }

  validation {
    condition     = var.notifiers.slack == null ? true : can(regex("^#?[\\p{L}\\p{N}._-]{1,80}$", var.notifiers.slack.channel))
    error_message = "notifiers: expected slack's channel as the id of a channel, such as C0123456789."
  }
}

variable "evidence_readers" {
  description = "Who may read the evidence, as IAM members. By default only contain may, and the console one file of each pod and node."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for member in var.evidence_readers : can(regex("^[A-Za-z]+:.+$", member))])
    error_message = "evidence_readers: expected IAM members with their kind, such as group:forensics@example.com, and neither allUsers nor allAuthenticatedUsers."
  }
}

variable "notification_channels" {
  description = "Names of Cloud Monitoring channels (projects/P/notificationChannels/N) that are notified when Firebreak itself has a problem: messages that were given up or are waiting, a sink that exports nothing, a missing tick."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for channel in var.notification_channels : can(regex("^projects/[^/]+/notificationChannels/[^/]+$", channel))])
    error_message = "notification_channels: expected projects/PROJECT/notificationChannels/NUMBER."
  }
}

variable "silent_sink_hours" {
  description = "For how many hours the sink may export nothing before an alert is sent. Even an idle cluster writes several entries an hour."
  type        = number
  default     = 6
  nullable    = false

  validation {
    condition     = var.silent_sink_hours >= 1 && var.silent_sink_hours <= 23 && floor(var.silent_sink_hours * 60) == var.silent_sink_hours * 60
    error_message = "silent_sink_hours: expected 1 to 23, in whole minutes: Cloud Monitoring takes no parts of a minute."
  }
}

# Storage

variable "evidence" {
  description = <<-EOT
    The bucket for the evidence. `bucket`: its name; if left out, PROJECT-firebreak-evidence. `retention_days`: for how many days nothing in it
    can be deleted or changed; nothing deletes it afterwards. `lock`: whether the retention is locked. Nobody, Google included, can
    ever remove a lock or shorten a locked retention.
  EOT
  type = object({
    bucket         = optional(string)
    retention_days = optional(number, 90)
    lock           = optional(bool, false)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.evidence.bucket == null ? true : can(regex("^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$", var.evidence.bucket)) && !can(regex("^goog|google|[.][.]|[.]-|-[.]", var.evidence.bucket))
    error_message = "evidence: expected the name of a bucket, without gs://. Google refuses a name with google in it, or with two dots, or a dot and a dash, in a row."
  }

  validation {
    condition     = var.evidence.retention_days >= 1 && var.evidence.retention_days <= 3650 && floor(var.evidence.retention_days) == var.evidence.retention_days
    error_message = "evidence: expected retention_days as a whole number from 1 to 3650."
  }
}

variable "kms_key" {
  description = "A Cloud KMS key in the same region (projects/P/locations/L/keyRings/R/cryptoKeys/K) that encrypts topics, databases, buckets, secrets and functions. If left out, Google's own keys do. Cannot be changed after the first apply."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key == null ? true : can(regex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$", var.kms_key))
    error_message = "kms_key: expected projects/PROJECT/locations/LOCATION/keyRings/RING/cryptoKeys/KEY."
  }

  validation {
    condition     = var.kms_key == null ? true : split("/", var.kms_key)[3] == var.region
    error_message = "kms_key: the key must be in the region of the deployment."
  }
}

variable "labels" {
  description = "Labels for every resource that can have labels."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = length(var.labels) <= 30 && alltrue([for key, value in var.labels : can(regex("^[a-z][a-z0-9_-]{0,62}$", key)) && !startswith(key, "goog") && can(regex("^[a-z0-9_-]{0,63}$", value))])
    error_message = "labels: expected keys and values of lower case letters, digits, - and _, at most 63 characters each, and at most 30 labels. Google refuses a key that begins with goog."
  }
}

# Building and running

variable "build_folder" {
  description = "The folder that `npm run build` wrote: manifest.json, and an archive for each function. If left out, dist in the checkout."
  type        = string
  default     = null

  validation {
    condition     = fileexists("${coalesce(var.build_folder, "${path.module}/../dist")}/manifest.json")
    error_message = "build_folder: the folder has no manifest.json. Build the functions first: npm ci && npm run build"
  }
}

variable "vpc" {
  description = <<-EOT
    A subnetwork from which the functions call the API servers of the clusters (direct VPC egress). Not needed for clusters whose DNS
    endpoint accepts external traffic. Needed if only the private endpoint may be used; then the subnetwork must be in the cluster's
    authorized networks. The functions choose the endpoint by the cluster's own description. Give `subnetwork` by its full name, and for a
    Shared VPC `network` as well. Where an organization policy demands it: `every_function` connects all functions, not only those
    that call clusters, and `egress = "all-traffic"` sends all of their traffic through the subnetwork, which then needs Private Google
    Access, and Cloud NAT for Slack, PagerDuty and webhooks.
  EOT
  type = object({
    network        = string
    subnetwork     = string
    tags           = optional(list(string), [])
    every_function = optional(bool, false)
    egress         = optional(string, "private-ranges-only")
  })
  default = null

  validation {
    condition     = var.vpc == null ? true : contains(["private-ranges-only", "all-traffic"], var.vpc.egress)
    error_message = "vpc: expected egress as private-ranges-only or all-traffic."
  }

  validation {
    condition     = try(strcontains(var.vpc.subnetwork, "/regions/") && !strcontains(var.vpc.subnetwork, "/regions/${var.region}/"), false) == false
    error_message = "vpc: the subnetwork must be in the region of the deployment."
  }
}

variable "functions" {
  description = "Sizes that replace the default ones, by function: `memory`, such as 1Gi; `min_instances`, which are kept warm; and `max_instances`."
  type = map(object({
    memory        = optional(string)
    min_instances = optional(number)
    max_instances = optional(number)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for name in keys(var.functions) : contains(keys(local.deployment.functions), name)])
    error_message = "functions: there is no such function; expected names from ${join(", ", keys(local.deployment.functions))}."
  }

  validation {
    condition     = alltrue([for one in values(var.functions) : one.memory == null ? true : can(regex("^[1-9][0-9]*(M|Mi|G|Gi)$", one.memory))])
    error_message = "functions: expected memory as a whole number with M, Mi, G or Gi, such as 512Mi or 1Gi."
  }

  validation {
    condition = alltrue([
      for bytes in [for one in values(var.functions) : try(tonumber(regex("^[0-9]+", one.memory)) * { M = 1000000, Mi = 1048576, G = 1000000000, Gi = 1073741824 }[regex("[MG]i?$", one.memory)], 536870912)] :
      bytes >= 268435456 && bytes <= 4294967296
    ])
    error_message = "functions: expected memory from 256Mi, below which a function may not start, to 4Gi, the most that Google gives to one CPU."
  }

  validation {
    condition = alltrue([
      for name, one in var.functions :
      alltrue([for count in [coalesce(one.min_instances, 0), coalesce(one.max_instances, 1)] : count >= 0 && floor(count) == count])
      && coalesce(one.max_instances, 1) >= 1
      && coalesce(one.min_instances, 0) <= coalesce(one.max_instances, try(local.sizes[name].max_instances, 1))
    ])
    error_message = "functions: expected whole numbers, max_instances from 1 on, and min_instances not above max_instances."
  }
}

variable "otlp_endpoint" {
  description = "Where the functions send their spans, by OTLP over HTTP, such as the https address of a collector. If left out, they send none."
  type        = string
  default     = null

  validation {
    condition     = var.otlp_endpoint == null ? true : can(regex("^https?://${local.host}(/[^?#\\s]*)?$", var.otlp_endpoint))
    error_message = "otlp_endpoint: expected an http or https URL without a user name and without a query."
  }
}

variable "node_condition" {
  description = <<-EOT
    Which IAM condition limits the permissions on VMs to the nodes of served clusters. `names`: only VMs whose names begin as those of the
    nodes do, which includes nodes of a cluster prod-eu if prod is served. `names-or-ids`: also calls that give the numeric id of a VM instead of its name. Firebreak's own calls give the id, so that they
    never change another VM that was created under the same name. Google does not document whether a condition sees the name or the id. If it sees the id,
    `names-or-ids` does not limit calls that give ids, and `names` refuses every change by Firebreak. To find out, set `names`, run a drill that
    acts on an unimportant node, and keep `names` if no step is refused:
    `firebreak contain node/NAME --cluster c1 --location europe-west1 --project my-project-1 --tier isolate --reason drill --wait`.
  EOT
  type        = string
  default     = "names-or-ids"
  nullable    = false

  validation {
    condition     = contains(["names", "names-or-ids"], var.node_condition)
    error_message = "node_condition: expected names or names-or-ids."
  }
}

variable "enable_apis" {
  description = "Whether Terraform enables the APIs that Firebreak needs. They stay enabled after a destroy."
  type        = bool
  default     = true
  nullable    = false
}
