locals {
  shipped = "${path.module}/../config"

  # The policy with the mode of this deployment. Only that line is replaced, so comments and line numbers stay.
  policy_text = file(coalesce(var.policy_file, "${local.shipped}/policy.yaml"))
  policy_line = "mode: ${var.mode} # by Terraform"
  policy = (
    length(regexall("(?m)^mode:", local.policy_text)) > 0
    ? replace(local.policy_text, "/(?m)^mode:.*$/", local.policy_line)
    : "${local.policy_text}\n${local.policy_line}\n"
  )
  rules = file(coalesce(var.rules_file, "${local.shipped}/rules.yaml"))

  files = {
    policy = { text = local.policy, variable = "FIREBREAK_POLICY", folder = "/etc/firebreak/policy", name = "policy.yaml" }
    rules  = { text = local.rules, variable = "FIREBREAK_RULES", folder = "/etc/firebreak/rules", name = "rules.yaml" }
  }
}

# Policy and rules reach the functions as versions of secrets, mounted read-only. With an invalid file the new revision does not
# start: the apply fails, and the revision before it keeps running.
resource "google_secret_manager_secret" "file" {
  for_each = toset(["policy", "rules"])

  project   = var.project
  secret_id = "firebreak-${each.key}"
  labels    = local.labels

  replication {
    user_managed {
      replicas {
        location = var.region

        dynamic "customer_managed_encryption" {
          for_each = var.kms_key == null ? [] : [var.kms_key]

          content {
            kms_key_name = customer_managed_encryption.value
          }
        }
      }
    }
  }

  depends_on = [google_project_service.api, google_kms_crypto_key_iam_member.agent]
}

resource "google_secret_manager_secret_version" "file" {
  for_each = toset(["policy", "rules"])

  secret      = google_secret_manager_secret.file[each.key].id
  secret_data = local.files[each.key].text
  # Old versions stay enabled. If a new revision does not start, the old one goes on, and its new instances mount the old version;
  # but the next apply would remove that version, even if it leaves the function as it is.
  deletion_policy = "ABANDON"

  lifecycle {
    create_before_destroy = true

    precondition {
      condition     = can(keys(yamldecode(local.files[each.key].text)))
      error_message = "The ${each.key} file is not a YAML mapping. Find the line with: firebreak policy check FILE, or firebreak rules --rules FILE"
    }

    precondition {
      # 4 characters of base64 encode 3 bytes.
      condition     = length(base64encode(local.files[each.key].text)) <= 65536 / 3 * 4
      error_message = "The ${each.key} file is larger than 64 KiB, the limit for a secret. Shorten its lists, for example by ranges instead of single addresses."
    }

    precondition {
      condition     = each.key != "policy" || try(yamldecode(local.policy).mode, null) == var.mode
      error_message = "Terraform could not write the mode into the policy. Write the policy in block style, with `mode:` at the beginning of a line."
    }
  }
}
