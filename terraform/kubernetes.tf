# RBAC and an admission policy limit what the functions may do inside a cluster. An administrator of the cluster applies them:
#
#     terraform output -raw kubernetes_manifests | kubectl --context CONTEXT apply -f -
#
# Terraform's Kubernetes provider does not apply them: every plan would need administrator credentials for each cluster, and would fail
# wherever it cannot reach the API server of one of them.
locals {
  # With or without the permissions that only the steps need that delete workloads.
  manifests = file("${path.module}/generated/${var.deleting_workloads ? "kubernetes" : "kubernetes-keeping"}.json")
  # GKE names a caller by e-mail address or by numeric id, depending on its token, so the bindings hold both.
  by_email = replace(replace(replace(replace(local.manifests,
    "EMAIL-OF-contain", local.accounts["contain"]),
    "EMAIL-OF-decide", local.accounts["decide"]),
    "EMAIL-OF-operate", local.accounts["operate"]),
  "EMAIL-OF-detect-cryptomining", local.accounts["detect-cryptomining"])
  kubernetes = replace(replace(replace(replace(local.by_email,
    "ID-OF-contain", google_service_account.function["contain"].unique_id),
    "ID-OF-decide", google_service_account.function["decide"].unique_id),
    "ID-OF-operate", google_service_account.function["operate"].unique_id),
  "ID-OF-detect-cryptomining", google_service_account.function["detect-cryptomining"].unique_id)
}
