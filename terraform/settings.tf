locals {
  shipped = "${path.module}/../config"

  # The policy with the mode of this deployment: one line of it, so that comments and the numbers of lines stay.
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

# Policy and rules reach the functions as versions of secrets, mounted read-only. An invalid one keeps a function from starting, and
# so fails the apply while the revision before it goes on.
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
  # A revision that is still running reads the version that it was started with.
  deletion_policy = "DISABLE"

  lifecycle {
    create_before_destroy = true

    precondition {
      condition     = can(keys(yamldecode(local.files[each.key].text)))
      error_message = "The ${each.key} file is not a YAML mapping. Find the line with: npx firebreak policy check, or npx firebreak rules --rules FILE"
    }

    precondition {
      # Of a base64 text, 4 characters stand for 3 bytes.
      condition     = length(base64encode(local.files[each.key].text)) <= 65536 / 3 * 4
      error_message = "The ${each.key} file is larger than the 64 KiB that a secret may have: shorten its lists, by ranges in place of addresses."
    }

    precondition {
      condition     = each.key != "policy" || try(yamldecode(local.policy).mode, null) == var.mode
      error_message = "The mode could not be written into the policy: write the policy in block style, with `mode:` at the beginning of a line."
    }
  }
}
