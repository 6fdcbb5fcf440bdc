resource "aws_iam_user" "ann" {
  name          = "ann"
  path          = "/team/"
  force_destroy = true
  tags          = { team = "blue${var.round}" }
}
resource "aws_iam_access_key" "ann" { user = aws_iam_user.ann.name }
resource "aws_iam_user_policy" "ann" {
  name   = "own"
  user   = aws_iam_user.ann.name
  policy = data.aws_iam_policy_document.send.json
}
data "aws_iam_policy_document" "send" {
  statement {
    sid       = "Send${var.round}"
    actions   = ["sqs:SendMessage", "sqs:GetQueue*"]
    resources = [aws_sqs_queue.orders.arn]
    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalTag/team"
      values   = ["blue"]
    }
  }
}
resource "aws_iam_policy" "send" {
  name        = "send"
  path        = "/team/"
  description = "Sends orders"
  policy      = data.aws_iam_policy_document.send.json
  tags        = { team = "blue${var.round}" }
}
resource "aws_iam_group" "senders" { name = "senders${var.round}" }
resource "aws_iam_group_policy_attachment" "senders" {
  group      = aws_iam_group.senders.name
  policy_arn = aws_iam_policy.send.arn
}
resource "aws_iam_group_policy" "senders" {
  group  = aws_iam_group.senders.name
  policy = data.aws_iam_policy_document.send.json
}
resource "aws_iam_group_membership" "senders" {
  name  = "senders"
  group = aws_iam_group.senders.name
  users = [aws_iam_user.ann.name]
}
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["pipes.amazonaws.com"]
    }
    principals {
      type        = "AWS"
      identifiers = [aws_iam_user.ann.arn]
    }
  }
}
resource "aws_iam_role" "worker" {
  name                 = "worker"
  description          = "Works (${var.round})"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  max_session_duration = 3600 * (var.round + 1)
  permissions_boundary = aws_iam_policy.send.arn
  tags                 = { team = "blue${var.round}" }
}
resource "aws_iam_role_policy" "worker" {
  name   = "own"
  role   = aws_iam_role.worker.id
  policy = data.aws_iam_policy_document.send.json
}
resource "aws_iam_role_policy_attachment" "worker" {
  role       = aws_iam_role.worker.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSQSReadOnlyAccess"
}
resource "aws_iam_instance_profile" "worker" {
  name = "worker"
  role = aws_iam_role.worker.name
  tags = { team = "blue${var.round}" }
}
resource "aws_iam_account_alias" "shop" { account_alias = "shop${var.round}" }
resource "aws_iam_account_password_policy" "strict" {
  minimum_password_length = 10 + var.round
  require_numbers         = true
}
resource "aws_iam_service_linked_role" "schemas" {
  aws_service_name = "schemas.amazonaws.com"
  description      = "Discovers (${var.round})"
}
data "aws_iam_policy" "admin" { name = "AdministratorAccess" }
data "aws_iam_users" "all" { depends_on = [aws_iam_user.ann] }
