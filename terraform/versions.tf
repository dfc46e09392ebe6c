terraform {
  # 1.9: a variable's validation may look at other variables.
  required_version = ">= 1.9, < 2"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 7.20, < 9"
    }
  }
}
