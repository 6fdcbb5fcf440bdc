data "aws_caller_identity" "me" {}
resource "aws_kms_key" "orders" {
  description             = "Orders (${var.round})"
  deletion_window_in_days = 7
  enable_key_rotation     = var.round == 1
  tags                    = { team = "blue${var.round}" }
}
resource "aws_kms_alias" "orders" {
  name          = "alias/orders${var.round}"
  target_key_id = aws_kms_key.orders.key_id
}
resource "aws_kms_key_policy" "orders" {
  key_id = aws_kms_key.orders.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Root${var.round}"
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.me.account_id}:root" }
        Action    = "kms:*"
        Resource  = "*"
      }
    ]
  })
}
resource "aws_kms_grant" "worker" {
  name              = "worker${var.round}"
  key_id            = aws_kms_key.orders.key_id
  grantee_principal = aws_iam_role.worker.arn
  operations        = ["Encrypt", "Decrypt"]
}
resource "aws_kms_key" "signing" {
  description              = "Signs"
  key_usage                = "SIGN_VERIFY"
  customer_master_key_spec = "ECC_NIST_P256"
}
data "aws_kms_public_key" "signing" { key_id = aws_kms_key.signing.arn }
resource "aws_secretsmanager_secret" "password" {
  name                    = "password"
  description             = "Round ${var.round}"
  kms_key_id              = aws_kms_key.orders.arn
  recovery_window_in_days = 0
  tags                    = { team = "blue${var.round}" }
}
resource "aws_secretsmanager_secret_version" "password" {
  secret_id     = aws_secretsmanager_secret.password.id
  secret_string = "value${var.round}"
}
resource "aws_secretsmanager_secret_policy" "password" {
  secret_arn = aws_secretsmanager_secret.password.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Read${var.round}"
        Effect    = "Allow"
        Principal = { AWS = aws_iam_role.worker.arn }
        Action    = "secretsmanager:GetSecretValue"
        Resource  = "*"
      }
    ]
  })
}
