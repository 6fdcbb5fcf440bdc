terraform {
  required_providers { aws = { source = "hashicorp/aws" } }
}
provider "aws" {
  region = "us-east-1"
  access_key = "development"
  secret_key = "development"
  skip_credentials_validation = true
  skip_metadata_api_check = true
  endpoints {
    dynamodb = "ENDPOINT"
    sqs = "ENDPOINT"
    sns = "ENDPOINT"
    events = "ENDPOINT"
    sts = "ENDPOINT"
    scheduler = "ENDPOINT"
    pipes = "ENDPOINT"
    schemas = "ENDPOINT"
    logs = "ENDPOINT"
    iam = "ENDPOINT"
    kms = "ENDPOINT"
    secretsmanager = "ENDPOINT"
  }
}
resource "aws_sqs_queue" "dead" { name = "dead" }
resource "aws_sqs_queue" "orders" {
  name = "orders"
  visibility_timeout_seconds = 10
  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead.arn, maxReceiveCount = 3 })
  tags = { team = "shop" }
}
resource "aws_sns_topic" "placed" { name = "placed" }
resource "aws_sns_topic_subscription" "archive" {
  topic_arn = aws_sns_topic.placed.arn
  protocol = "sqs"
  endpoint = aws_sqs_queue.orders.arn
  raw_message_delivery = true
  filter_policy = var.round == 1 ? jsonencode({ kind = ["a"] }) : null
}
resource "aws_sqs_queue_policy" "orders" {
  queue_url = aws_sqs_queue.orders.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid = "deliveries"
      Effect = "Allow"
      Principal = { Service = ["sns.amazonaws.com", "events.amazonaws.com"] }
      Action = "sqs:SendMessage"
      Resource = aws_sqs_queue.orders.arn
      Condition = { ArnEquals = { "aws:SourceArn" = [aws_sns_topic.placed.arn, aws_cloudwatch_event_rule.big.arn] } }
    }]
  })
}
resource "aws_cloudwatch_event_bus" "shop" { name = "shop" }
resource "aws_cloudwatch_event_rule" "big" {
  name = "big"
  event_bus_name = aws_cloudwatch_event_bus.shop.name
  event_pattern = jsonencode({ source = ["shop"], detail = { amount = [{ numeric = [">", 100] }] } })
}
resource "aws_cloudwatch_event_target" "q" {
  rule = aws_cloudwatch_event_rule.big.name
  event_bus_name = aws_cloudwatch_event_bus.shop.name
  arn = aws_sqs_queue.orders.arn
}
resource "aws_dynamodb_table" "orders" {
  name = "orders"
  billing_mode = "PAY_PER_REQUEST"
  hash_key = "id"
  stream_enabled = true
  stream_view_type = "NEW_AND_OLD_IMAGES"
  attribute {
    name = "id"
    type = "S"
  }
  tags = { team = "shop" }
}
