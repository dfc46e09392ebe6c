# What is served

variable "project" {
  description = "Id of the project that Firebreak is deployed to, and that the served clusters are in."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project))
    error_message = "project: expected a project id such as my-project-1, not a name or a number."
  }
}

variable "region" {
  description = "Region of functions, databases, buckets and secrets, such as europe-west1."
  type        = string

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]{1,2}$", var.region))
    error_message = "region: expected a region such as europe-west1, not a zone such as europe-west1-b and not a multi-region."
  }
}

variable "clusters" {
  description = <<-EOT
    The GKE clusters that are watched and acted in. `location` is a region or a zone. `falco`: give the cluster a topic of its own
    for alerts of Falco, so that an alert is known to be of this cluster. `node_prefix`: how the names of its nodes begin; left
    out, `gke-` and the first 16 characters of the cluster's name.
  EOT
  type = list(object({
    location    = string
    name        = string
    falco       = optional(bool, false)
    node_prefix = optional(string)
  }))

  validation {
    condition     = length(var.clusters) > 0
    error_message = "clusters: name at least one cluster, such as { location = \"europe-west1\", name = \"c1\" }; without one there is nothing to protect."
  }

  validation {
    condition = alltrue([
      for cluster in var.clusters :
      can(regex("^[a-z]+-[a-z]+[0-9]{1,2}(-(ai[0-9]{1,2})?[a-z])?$", cluster.location)) && can(regex("^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$", cluster.name))
    ])
    error_message = "clusters: each needs a location (a region or a zone) and the name of a cluster in it."
  }

  validation {
    condition     = length(distinct([for cluster in var.clusters : "${cluster.location}/${cluster.name}"])) == length(var.clusters)
    error_message = "clusters: a cluster is named twice; name each once."
  }

  validation {
    condition     = alltrue([for cluster in var.clusters : cluster.node_prefix == null ? true : can(regex("^[a-z][a-z0-9-]{2,61}$", cluster.node_prefix))])
    error_message = "clusters: a node_prefix is how the names of nodes begin, at least 3 characters, such as gke-c1-; a shorter one would mean any VM."
  }
}

variable "networks" {
  description = <<-EOT
    The VPC networks that nodes of these clusters have interfaces in. Each is given the four rules that cut a quarantined node. `project`:
    where the network is, for a shared VPC the host project; left out, this project. Firebreak's role on firewall rules is granted there.
  EOT
  type = list(object({
    name    = string
    project = optional(string)
  }))

  validation {
    condition     = length(var.networks) > 0
    error_message = "networks: name at least one network, such as { name = \"default\" }; a node in another one could not be cut."
  }

  validation {
    condition     = alltrue([for network in var.networks : can(regex("^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$", network.name))])
    error_message = "networks: expected names of networks such as default, and their project apart."
  }
}

# How far it goes

variable "mode" {
  description = "dry-run: everything is decided and recorded, nothing is changed. act: what the policy says is done."
  type        = string
  default     = "dry-run"

  validation {
    condition     = contains(["dry-run", "act"], var.mode)
    error_message = "mode: expected dry-run or act."
  }

  validation {
    condition     = var.mode != "act" || var.policy_file != null
    error_message = "mode: act needs a policy_file. Copy config/policy.yaml, read it, change what is not right for you, and name it; the policy as shipped only runs dry."
  }
}

variable "policy_file" {
  description = "Path of the policy; left out, config/policy.yaml as shipped. Its `mode` is written over by the mode above. Check it with: npx firebreak policy check FILE"
  type        = string
  default     = null

  validation {
    condition     = var.policy_file == null ? true : fileexists(var.policy_file)
    error_message = "policy_file: there is no such file."
  }

  validation {
    condition     = var.policy_file == null ? true : !fileexists(var.policy_file) ? true : can(keys(yamldecode(file(var.policy_file))))
    error_message = "policy_file: this is not a YAML mapping. Find the line with: npx firebreak policy check FILE"
  }
}

variable "rules_file" {
  description = "Path of the rules: what is known of this deployment, and rules of your own; left out, config/rules.yaml as shipped. See it with: npx firebreak rules --rules FILE"
  type        = string
  default     = null

  validation {
    condition     = var.rules_file == null ? true : fileexists(var.rules_file)
    error_message = "rules_file: there is no such file."
  }

  validation {
    condition     = var.rules_file == null ? true : !fileexists(var.rules_file) ? true : can(keys(yamldecode(file(var.rules_file))))
    error_message = "rules_file: this is not a YAML mapping. Find the line with: npx firebreak rules --rules FILE"
  }
}

variable "sink_filter_file" {
  description = "Path of the sink's filter, for a rules_file with rules or lists of its own: npx firebreak filter --rules FILE > sink-filter.txt"
  type        = string
  default     = null

  validation {
    condition     = var.sink_filter_file == null ? true : fileexists(var.sink_filter_file)
    error_message = "sink_filter_file: there is no such file."
  }

  validation {
    condition     = var.sink_filter_file == null ? true : !fileexists(var.sink_filter_file) ? true : length(file(var.sink_filter_file)) <= 20000 && length(trimspace(file(var.sink_filter_file))) > 0
    error_message = "sink_filter_file: expected a filter of at most 20,000 characters, as Cloud Logging takes them."
  }
}

variable "deleting_workloads" {
  description = "Whether contain may delete workloads and pods in the clusters, and run a pod of its own on a node to end what is left of them: the tiers redeploy and delete-workload, which ask first unless the policy says otherwise. Without it their steps are refused."
  type        = bool
  default     = true
}

variable "deleting" {
  description = "Whether contain may delete a VM, which the tier delete-host needs. A right of its own: without it the step is refused."
  type        = bool
  default     = false
}

variable "ssh_key" {
  description = <<-EOT
    Where OS Login is off: `USER:KEY` that an investigation may put into the metadata of a cut node, and the service accounts of the
    nodes, as whom contain must be able to act for that. A strong right, granted only where this is set.
  EOT
  type = object({
    key           = string
    node_accounts = list(string)
  })
  default = null

  validation {
    condition     = var.ssh_key == null ? true : can(regex("^[a-z_][a-z0-9_-]{0,31}:(ssh|ecdsa)-[a-z0-9-]+ [A-Za-z0-9+/=]+( .{1,100})?$", var.ssh_key.key))
    error_message = "ssh_key: expected key as USER:KEY, such as ana:ssh-ed25519 AAAA..., the public half."
  }

  validation {
    condition     = var.ssh_key == null ? true : length(var.ssh_key.node_accounts) > 0
    error_message = "ssh_key: name the node_accounts, by e-mail address; without them the key cannot be set."
  }
}

variable "investigation" {
  description = "From where an investigator may reach a cut node, `tag:NAME` of an intermediary VM or ranges with commas, and for how many minutes. Left out: Identity-Aware Proxy, for an hour."
  type = object({
    from    = optional(string)
    minutes = optional(number)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.investigation.from == null ? true : can(regex("^(tag:[a-z]([a-z0-9-]{0,61}[a-z0-9])?|[0-9a-f.:]+/[0-9]+(,[0-9a-f.:]+/[0-9]+)*)$", var.investigation.from))
    error_message = "investigation: expected from as tag:NAME, or as ranges with commas such as 203.0.113.0/28."
  }

  validation {
    condition     = var.investigation.minutes == null ? true : var.investigation.minutes >= 1 && var.investigation.minutes <= 1440 && floor(var.investigation.minutes) == var.investigation.minutes
    error_message = "investigation: expected minutes from 1 to 1440."
  }
}

variable "images" {
  description = "Images by digest: `forensics` is what attach-forensics adds to a pod, `killer` what kill-container runs on a node. A step without its image is refused."
  type = object({
    forensics = optional(string)
    killer    = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for image in [var.images.forensics, var.images.killer] : image == null ? true : can(regex("@sha256:[0-9a-f]{64}$", image))])
    error_message = "images: expected images by digest, such as registry.example.com/tools/debian@sha256:..., so that nobody can swap them."
  }
}

# Where signals come from

variable "data_access_logs" {
  description = <<-EOT
    Whether Data Access logs of Kubernetes are written. Reads of secrets, commands run over WebSocket and reconnaissance are in no other log. The
    default bucket leaves them out, but for what an alert needs, so that they cost what is exported and not what is stored. This sets
    the audit configuration of container.googleapis.com and pubsub.googleapis.com in this project, and takes the place of another one.
  EOT
  type        = bool
  default     = true
}

variable "log_match_alert" {
  description = "Whether Cloud Monitoring tells of entries that a conclusive rule may see, besides the sink: a second way in, where the sink is broken or has been removed."
  type        = bool
  default     = true
}

variable "security_command_center" {
  description = "Whether findings of Security Command Center are taken in. It must be active for the project."
  type        = bool
  default     = false
}

variable "falco_publishers" {
  description = "Who publishes alerts of Falco, as members such as serviceAccount:falcosidekick@my-project-1.iam.gserviceaccount.com."
  type        = list(string)
  default     = []
  nullable    = false
}

# People

variable "operators" {
  description = "Who may publish requests and read incidents, as members such as group:oncall@example.com."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "operator_audience" {
  description = "Audiences for which the ID tokens of operators are made. Where one is set, the deleting tiers, release and resume need a verified operator."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "console" {
  description = <<-EOT
    Deploys the console: `url` is where people reach it, which notices link to. It stands behind Identity-Aware Proxy, whose audience must be among
    operator_audience; docs/deploy.md says how. `invokers`: who else may call it, as members.
  EOT
  type = object({
    url      = optional(string)
    invokers = optional(list(string), [])
  })
  default = null

  validation {
    condition     = var.console == null ? true : length(var.operator_audience) > 0
    error_message = "console: it needs an operator_audience, the audience of Identity-Aware Proxy, to know who looks."
  }

  validation {
    condition     = try(var.console.url, null) == null ? true : startswith(var.console.url, "https://")
    error_message = "console: expected url as https://..."
  }
}

variable "notifiers" {
  description = <<-EOT
    Where notices go besides Cloud Logging. Tokens and keys are named by the id of a secret of this project that you have made, such as
    printf %s "$TOKEN" | gcloud secrets create firebreak-slack-token --data-file=-
  EOT
  type = object({
    slack     = optional(object({ channel = string, token_secret = string }))
    pagerduty = optional(object({ routing_key_secret = string }))
    webhook   = optional(object({ url = string, signing_secret = string }))
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for secret in [try(var.notifiers.slack.token_secret, null), try(var.notifiers.pagerduty.routing_key_secret, null), try(var.notifiers.webhook.signing_secret, null)] : secret == null ? true : can(regex("^[A-Za-z][A-Za-z0-9_-]{0,254}$", secret)) && !can(regex("^(xox[a-z]-|whsec_)", secret))])
    error_message = "notifiers: expected the ids of secrets of this project, not the secrets themselves."
  }

  validation {
    condition     = var.notifiers.webhook == null ? true : startswith(var.notifiers.webhook.url, "https://")
    error_message = "notifiers: expected the webhook's url as https://..."
  }
}

variable "evidence_readers" {
  description = "Who may read the evidence, as members. Nobody but contain may by default."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "notification_channels" {
  description = "Names of Cloud Monitoring channels (projects/P/notificationChannels/N) that are told when Firebreak itself is unwell: dead letters, a silent sink, a missing tick."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for channel in var.notification_channels : can(regex("^projects/[^/]+/notificationChannels/[^/]+$", channel))])
    error_message = "notification_channels: expected projects/PROJECT/notificationChannels/NUMBER."
  }
}

variable "silent_sink_hours" {
  description = "How long no entry at all may come through the sink before somebody is told. A cluster at rest writes several an hour."
  type        = number
  default     = 6

  validation {
    condition     = var.silent_sink_hours >= 1 && var.silent_sink_hours <= 23
    error_message = "silent_sink_hours: expected 1 to 23."
  }
}

# What is kept

variable "evidence" {
  description = <<-EOT
    The bucket of the evidence: its name (left out, PROJECT-firebreak-evidence), for how many days nothing in it can be deleted or changed, and
    whether that is locked. A lock can never be taken back, nor the days be made fewer: not by anybody, Google included.
  EOT
  type = object({
    bucket         = optional(string)
    retention_days = optional(number, 90)
    lock           = optional(bool, false)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.evidence.bucket == null ? true : can(regex("^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$", var.evidence.bucket))
    error_message = "evidence: expected a bucket's name, without gs://."
  }

  validation {
    condition     = var.evidence.retention_days >= 1 && var.evidence.retention_days <= 3650 && floor(var.evidence.retention_days) == var.evidence.retention_days
    error_message = "evidence: expected retention_days from 1 to 3650."
  }
}

variable "kms_key" {
  description = "A Cloud KMS key of the same region (projects/P/locations/L/keyRings/R/cryptoKeys/K) that topics, databases, buckets, secrets and functions are encrypted with. Left out: Google's own keys."
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
  description = "Labels on whatever takes them."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = length(var.labels) <= 30 && alltrue([for key, value in var.labels : can(regex("^[a-z][a-z0-9_-]{0,62}$", key)) && can(regex("^[a-z0-9_-]{0,63}$", value))])
    error_message = "labels: expected keys and values of lower case letters, digits, - and _, at most 63 each, and at most 30 of them."
  }
}

# How it runs

variable "build_folder" {
  description = "What `npm run build` has written: manifest.json, and an archive of each function."
  type        = string
  default     = null

  validation {
    condition     = fileexists("${coalesce(var.build_folder, "${path.module}/../dist")}/manifest.json")
    error_message = "build_folder: there is no manifest.json in it. Build the functions first: npm ci && npm run build"
  }
}

variable "vpc" {
  description = <<-EOT
    A subnetwork that the functions which call a cluster reach it from (direct VPC egress). Not needed for clusters whose DNS endpoint takes
    outside traffic; needed where only the private endpoint may be used: then the subnetwork must be among the cluster's authorized networks. The
    functions choose between the two by the cluster's own description. `subnetwork`, and for a shared VPC both, by full name.
  EOT
  type = object({
    network    = string
    subnetwork = string
    tags       = optional(list(string), [])
  })
  default = null
}

variable "functions" {
  description = "Other sizes than the usual ones, by function: memory such as 1Gi, instances kept warm, and instances at most."
  type = map(object({
    memory        = optional(string)
    min_instances = optional(number)
    max_instances = optional(number)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for name in keys(var.functions) : contains(keys(local.deployment.functions), name)])
    error_message = "functions: there is no such function; expected some of ${join(", ", keys(local.deployment.functions))}."
  }
}

variable "otlp_endpoint" {
  description = "Where the functions send their spans, by OTLP over HTTP, such as the https address of a collector. Left out: nowhere."
  type        = string
  default     = null

  validation {
    condition     = var.otlp_endpoint == null ? true : can(regex("^https?://[^/@?]+(/[^?]*)?$", var.otlp_endpoint))
    error_message = "otlp_endpoint: expected an http or https URL without a user and a query."
  }
}

variable "node_condition" {
  description = <<-EOT
    How the rights on VMs are held to the nodes of served clusters, by an IAM condition. names: by how their names begin. names-or-ids: also where a call gives
    the numeric id of a VM instead of its name, as ours do so that they never change a VM that was made again under the same name. Google does not
    document which of the two a condition sees; where it is the id, names-or-ids holds back nobody who uses ids, and names lets no change through.
    Try names with a drill that acts, `firebreak contain node/NAME --tier isolate --reason drill` on a node of no importance, and keep it if nothing is refused.
  EOT
  type        = string
  default     = "names-or-ids"

  validation {
    condition     = contains(["names", "names-or-ids"], var.node_condition)
    error_message = "node_condition: expected names or names-or-ids."
  }
}

variable "enable_apis" {
  description = "Whether the APIs that Firebreak needs are enabled here. They stay enabled when it is destroyed."
  type        = bool
  default     = true
}
