# What the functions may do inside of a cluster is RBAC's, and an admission policy's. Whoever administers a cluster applies it:
#
#     terraform output -raw kubernetes_manifests | kubectl --context CONTEXT apply -f -
#
# Not by the Kubernetes provider: that would have every plan of this project hold the credentials of an administrator of each cluster,
# and fail wherever one cluster's API server cannot be reached from.
locals {
  # With and without what only the steps need that delete workloads.
  manifests = file("${path.module}/generated/${var.deleting_workloads ? "kubernetes" : "kubernetes-keeping"}.json")
  # GKE shows a caller by e-mail address or by numeric id, depending on its token: both are bound.
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
