resource "aws_dynamodb_table" "lines" {
  name           = "lines"
  billing_mode   = var.round == 1 ? "PROVISIONED" : "PAY_PER_REQUEST"
  read_capacity  = var.round == 1 ? 5 : null
  write_capacity = var.round == 1 ? 5 : null
  table_class    = var.round == 1 ? "STANDARD" : "STANDARD_INFREQUENT_ACCESS"
  hash_key       = "order"
  range_key      = "line"
  attribute {
    name = "order"
    type = "S"
  }
  attribute {
    name = "line"
    type = "N"
  }
  attribute {
    name = "article"
    type = "S"
  }
  global_secondary_index {
    name               = "byArticle"
    hash_key           = "article"
    range_key          = "line"
    projection_type    = "INCLUDE"
    non_key_attributes = ["price", "count"]
    read_capacity      = var.round == 1 ? 2 : null
    write_capacity     = var.round == 1 ? 2 : null
  }
  local_secondary_index {
    name            = "articlesOfOrder"
    range_key       = "article"
    projection_type = "KEYS_ONLY"
  }
  point_in_time_recovery {
    enabled                 = true
    recovery_period_in_days = 10 * var.round
  }
  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.orders.arn
  }
  ttl {
    attribute_name = "until"
    enabled        = var.round == 1
  }
  tags = { team = "shop${var.round}" }
}
resource "aws_dynamodb_table_item" "first" {
  table_name = aws_dynamodb_table.lines.name
  hash_key   = "order"
  range_key  = "line"
  item = jsonencode({
    order = { S = "o-1" }
    line  = { N = "1" }
    price = { M = { amount = { N = "42.5" }, round = { N = tostring(var.round) } } }
  })
}
resource "aws_dynamodb_table" "shared" {
  name             = "shared"
  billing_mode     = "PAY_PER_REQUEST"
  hash_key         = "id"
  stream_enabled   = true
  stream_view_type = "NEW_AND_OLD_IMAGES"
  attribute {
    name = "id"
    type = "S"
  }
  on_demand_throughput {
    max_read_request_units  = 100 * var.round
    max_write_request_units = var.round == 1 ? 100 : -1
  }
  dynamic "replica" {
    for_each = var.round == 1 ? ["eu-west-1"] : ["eu-west-1", "us-west-2"]
    content { region_name = replica.value }
  }
}
resource "aws_dynamodb_resource_policy" "lines" {
  resource_arn = aws_dynamodb_table.lines.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "read${var.round}"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::210987654321:root" }
      Action    = "dynamodb:GetItem"
      Resource  = aws_dynamodb_table.lines.arn
    }]
  })
}
resource "aws_dynamodb_contributor_insights" "lines" { table_name = aws_dynamodb_table.lines.name }
resource "aws_sns_topic" "full" {
  name                                  = "full"
  display_name                          = "Full ${var.round}"
  kms_master_key_id                     = "alias/aws/sns"
  signature_version                     = var.round
  tracing_config                        = var.round == 1 ? "Active" : "PassThrough"
  http_success_feedback_role_arn        = aws_iam_role.worker.arn
  http_failure_feedback_role_arn        = aws_iam_role.worker.arn
  http_success_feedback_sample_rate     = 10 * var.round
  sqs_success_feedback_role_arn         = aws_iam_role.worker.arn
  sqs_success_feedback_sample_rate      = 100
  lambda_failure_feedback_role_arn      = aws_iam_role.worker.arn
  firehose_success_feedback_role_arn    = aws_iam_role.worker.arn
  application_failure_feedback_role_arn = aws_iam_role.worker.arn
  delivery_policy = jsonencode({
    http = {
      defaultHealthyRetryPolicy    = { minDelayTarget = 1, maxDelayTarget = 20, numRetries = 3 }
      disableSubscriptionOverrides = false
    }
  })
  tags = { team = "shop${var.round}" }
}
resource "aws_sns_topic_policy" "full" {
  arn = aws_sns_topic.full.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "publish${var.round}"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "SNS:Publish"
      Resource  = aws_sns_topic.full.arn
    }]
  })
}
resource "aws_sns_topic_data_protection_policy" "full" {
  arn = aws_sns_topic.full.arn
  policy = jsonencode({
    Name    = "cards"
    Version = "2021-06-01"
    Statement = [{
      Sid            = "deny${var.round}"
      DataDirection  = "Inbound"
      Principal      = ["*"]
      DataIdentifier = ["arn:aws:dataprotection::aws:data-identifier/CreditCardNumber"]
      Operation      = { Deny = {} }
    }]
  })
}
resource "aws_sns_topic" "archived" {
  name                        = "archived.fifo"
  fifo_topic                  = true
  content_based_deduplication = true
  fifo_throughput_scope       = var.round == 1 ? "Topic" : "MessageGroup"
  # a topic with an archive is not deleted
  archive_policy = var.round == 1 ? jsonencode({ MessageRetentionPeriod = 10 }) : null
}
resource "aws_sns_topic_subscription" "archived" {
  topic_arn           = aws_sns_topic.archived.arn
  protocol            = "sqs"
  endpoint            = aws_sqs_queue.dead.arn
  filter_policy_scope = "MessageBody"
  filter_policy       = jsonencode({ order = { total = [{ numeric = [">", 10 * var.round] }] } })
  redrive_policy      = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead.arn })
}
resource "aws_sns_platform_application" "phones" {
  name                         = "phones"
  platform                     = "GCM"
  platform_credential          = "key"
  failure_feedback_role_arn    = aws_iam_role.worker.arn
  success_feedback_sample_rate = 10 * var.round
}
resource "aws_sns_sms_preferences" "shop" {
  default_sms_type    = var.round == 1 ? "Transactional" : "Promotional"
  monthly_spend_limit = 1
}
resource "aws_cloudwatch_event_target" "task" {
  rule     = aws_cloudwatch_event_rule.hourly.name
  arn      = "arn:aws:ecs:us-east-1:123456789012:cluster/shop"
  role_arn = aws_iam_role.worker.arn
  ecs_target {
    task_definition_arn = "arn:aws:ecs:us-east-1:123456789012:task-definition/report:1"
    task_count          = var.round
    launch_type         = "FARGATE"
    propagate_tags      = "TASK_DEFINITION"
    network_configuration {
      subnets          = ["subnet-1", "subnet-2"]
      assign_public_ip = var.round == 1
    }
  }
}
resource "aws_cloudwatch_event_target" "sql" {
  rule     = aws_cloudwatch_event_rule.hourly.name
  arn      = "arn:aws:redshift:us-east-1:123456789012:cluster:shop"
  role_arn = aws_iam_role.worker.arn
  redshift_target {
    database = "shop"
    db_user  = "reporter"
    sql      = "call report(${var.round})"
  }
}
resource "aws_kms_external_key" "brought" {
  description             = "Brought along (${var.round})"
  key_material_base64     = "Wblj06fduthWggmsT0cLVoIMOkeLbc2kVfMud77i/JY="
  deletion_window_in_days = 7
  enabled                 = var.round == 1
}
resource "aws_kms_ciphertext" "sealed" {
  key_id    = aws_kms_key.orders.key_id
  plaintext = "sealed"
  context   = { order = "o-1" }
}
data "aws_kms_secrets" "sealed" {
  secret {
    name    = "sealed"
    payload = aws_kms_ciphertext.sealed.ciphertext_blob
    context = { order = "o-1" }
  }
}
data "aws_dynamodb_table_item" "first" {
  table_name = aws_dynamodb_table.lines.name
  key        = jsonencode({ order = { S = "o-1" }, line = { N = "1" } })
  depends_on = [aws_dynamodb_table_item.first]
}
