variable "round" {
  type    = number
  default = 1
}
resource "aws_cloudwatch_event_bus" "billing" {
  name        = "billing"
  description = "What was billed (${var.round})"
  dead_letter_config { arn = aws_sqs_queue.dead.arn }
  tags = { team = "billing${var.round}" }
}
resource "aws_cloudwatch_event_permission" "partner" {
  event_bus_name = aws_cloudwatch_event_bus.billing.name
  statement_id   = "partner"
  principal      = "210987654321"
}
resource "aws_cloudwatch_event_bus_policy" "shop" {
  event_bus_name = aws_cloudwatch_event_bus.shop.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "partner"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::210987654321:root" }
      Action    = "events:PutEvents"
      Resource  = aws_cloudwatch_event_bus.shop.arn
    }]
  })
}
resource "aws_cloudwatch_event_rule" "paid" {
  name           = "paid"
  description    = "Everything paid"
  event_bus_name = aws_cloudwatch_event_bus.billing.name
  event_pattern = jsonencode({
    source = [{ prefix = "shop${var.round}." }]
    detail = { state = [{ "anything-but" = ["open"] }], tip = [{ exists = false }] }
  })
  tags = { team = "billing${var.round}" }
}
resource "aws_cloudwatch_event_target" "paid" {
  rule           = aws_cloudwatch_event_rule.paid.name
  event_bus_name = aws_cloudwatch_event_bus.billing.name
  target_id      = "orders"
  arn            = aws_sqs_queue.orders.arn
  input_transformer {
    input_paths    = { order = "$.detail.order", at = "$.time" }
    input_template = "{\"order\": <order>, \"round\": ${var.round}, \"at\": <at>}"
  }
  dead_letter_config { arn = aws_sqs_queue.dead.arn }
  retry_policy {
    maximum_event_age_in_seconds = 120 + var.round
    maximum_retry_attempts       = 3
  }
}
resource "aws_cloudwatch_event_rule" "hourly" {
  name                = "hourly"
  schedule_expression = "rate(${var.round + 1} hours)"
  state               = "DISABLED"
}
resource "aws_cloudwatch_event_target" "hourly" {
  rule  = aws_cloudwatch_event_rule.hourly.name
  arn   = aws_sqs_queue.orders.arn
  input = jsonencode({ hello = "world" })
}
resource "aws_cloudwatch_event_target" "bus" {
  rule     = aws_cloudwatch_event_rule.hourly.name
  arn      = aws_cloudwatch_event_bus.billing.arn
  role_arn = "arn:aws:iam::123456789012:role/events"
}
resource "aws_cloudwatch_event_archive" "billing" {
  name             = "billing"
  description      = "All that was paid"
  event_source_arn = aws_cloudwatch_event_bus.billing.arn
  event_pattern    = jsonencode({ source = ["shop"] })
  retention_days   = 6 + var.round
}
resource "aws_cloudwatch_event_connection" "partner" {
  name               = "partner"
  description        = "The partner's key (${var.round})"
  authorization_type = "API_KEY"
  auth_parameters {
    api_key {
      key   = "x-key"
      value = "secret"
    }
    invocation_http_parameters {
      header {
        key             = "x-shop"
        value           = "millrace"
        is_value_secret = false
      }
    }
  }
}
resource "aws_cloudwatch_event_connection" "basic" {
  name               = "basic"
  authorization_type = "BASIC"
  auth_parameters {
    basic {
      username = "someone"
      password = "secret"
    }
  }
}
resource "aws_cloudwatch_event_connection" "oauth" {
  name               = "oauth"
  authorization_type = "OAUTH_CLIENT_CREDENTIALS"
  auth_parameters {
    oauth {
      authorization_endpoint = "http://127.0.0.1:9/token"
      http_method            = "POST"
      client_parameters {
        client_id     = "someone"
        client_secret = "secret"
      }
      oauth_http_parameters {
        body {
          key             = "grant_type"
          value           = "client_credentials"
          is_value_secret = false
        }
      }
    }
  }
}
resource "aws_cloudwatch_event_api_destination" "partner" {
  name                             = "partner"
  description                      = "The partner's door"
  invocation_endpoint              = "https://partner.example.com/orders/*"
  http_method                      = "POST"
  invocation_rate_limit_per_second = 20 + var.round
  connection_arn                   = aws_cloudwatch_event_connection.partner.arn
}
resource "aws_cloudwatch_event_target" "partner" {
  rule           = aws_cloudwatch_event_rule.paid.name
  event_bus_name = aws_cloudwatch_event_bus.billing.name
  arn            = aws_cloudwatch_event_api_destination.partner.arn
  role_arn       = "arn:aws:iam::123456789012:role/events"
  http_target {
    path_parameter_values   = ["$.detail.order"]
    header_parameters       = { "x-a" = "b" }
    query_string_parameters = { q = "$.detail.q" }
  }
}
resource "aws_cloudwatch_log_group" "paid" {
  name              = "/aws/events/paid"
  retention_in_days = var.round == 1 ? 7 : 14
  tags              = { team = "billing${var.round}" }
}
resource "aws_cloudwatch_log_stream" "paid" {
  name           = "one"
  log_group_name = aws_cloudwatch_log_group.paid.name
}
resource "aws_scheduler_schedule_group" "nightly" {
  name = "nightly"
  tags = { team = "billing${var.round}" }
}
resource "aws_scheduler_schedule" "report" {
  name                         = "report"
  group_name                   = aws_scheduler_schedule_group.nightly.name
  description                  = "The nightly report (${var.round})"
  schedule_expression          = "cron(0 3 * * ? *)"
  schedule_expression_timezone = "Europe/Berlin"
  start_date                   = "2030-01-01T00:00:00Z"
  end_date                     = "2031-01-01T00:00:00Z"
  flexible_time_window {
    mode                      = "FLEXIBLE"
    maximum_window_in_minutes = 5
  }
  target {
    arn      = aws_sqs_queue.orders.arn
    role_arn = "arn:aws:iam::123456789012:role/scheduler"
    input    = jsonencode({ report = true })
    dead_letter_config { arn = aws_sqs_queue.dead.arn }
    retry_policy {
      maximum_event_age_in_seconds = 120 + var.round
      maximum_retry_attempts       = 3
    }
  }
}
resource "aws_scheduler_schedule" "event" {
  name                = "event"
  schedule_expression = "rate(5 minutes)"
  state               = "DISABLED"
  flexible_time_window { mode = "OFF" }
  target {
    arn      = aws_cloudwatch_event_bus.billing.arn
    role_arn = "arn:aws:iam::123456789012:role/scheduler"
    input    = jsonencode({ a = 1 })
    eventbridge_parameters {
      detail_type = "Tick"
      source      = "shop"
    }
  }
}
resource "aws_sqs_queue" "fifo" {
  name                        = "paid.fifo"
  fifo_queue                  = true
  content_based_deduplication = true
}
resource "aws_pipes_pipe" "orders" {
  name        = "orders"
  description = "From queue to queue (${var.round})"
  role_arn    = "arn:aws:iam::123456789012:role/pipes"
  source      = aws_sqs_queue.orders.arn
  target      = aws_sqs_queue.fifo.arn
  source_parameters {
    sqs_queue_parameters {
      batch_size                         = 4 + var.round
      maximum_batching_window_in_seconds = 1
    }
    filter_criteria {
      filter { pattern = jsonencode({ body = { kind = ["a"] } }) }
    }
  }
  target_parameters {
    input_template = "{\"order\": <$.body.order>}"
    sqs_queue_parameters {
      message_group_id = "orders"
    }
  }
  tags = { team = "billing${var.round}" }
}
resource "aws_pipes_pipe" "stream" {
  name          = "stream"
  role_arn      = "arn:aws:iam::123456789012:role/pipes"
  desired_state = var.round == 1 ? "STOPPED" : "RUNNING"
  source        = aws_dynamodb_table.orders.stream_arn
  target        = aws_cloudwatch_event_bus.billing.arn
  source_parameters {
    dynamodb_stream_parameters {
      starting_position = "LATEST"
      dynamic "dead_letter_config" {
        for_each = var.round == 1 ? [1] : []
        content { arn = aws_sqs_queue.dead.arn }
      }
    }
  }
  target_parameters {
    eventbridge_event_bus_parameters {
      detail_type = "Changed"
      source      = "shop"
    }
  }
}
resource "aws_schemas_registry" "shop" {
  name        = "shop"
  description = "What the shop says (${var.round})"
  tags        = { team = "billing${var.round}" }
}
resource "aws_schemas_schema" "order" {
  name          = "Order"
  registry_name = aws_schemas_registry.shop.name
  type          = "OpenApi3"
  description   = "An order (${var.round})"
  content = jsonencode({
    openapi    = "3.0.0"
    info       = { version = "1.0.0", title = "Order ${var.round}" }
    paths      = {}
    components = { schemas = { Order = { type = "object", properties = { id = { type = "string" } } } } }
  })
}
resource "aws_schemas_registry_policy" "shop" {
  registry_name = aws_schemas_registry.shop.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "partner"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::210987654321:root" }
      Action    = var.round == 1 ? "schemas:*" : "schemas:Describe*"
      Resource  = aws_schemas_registry.shop.arn
    }]
  })
}
resource "aws_schemas_discoverer" "billing" {
  source_arn  = aws_cloudwatch_event_bus.billing.arn
  description = "What is billed (${var.round})"
}
resource "aws_cloudwatch_log_resource_policy" "events" {
  policy_name = "events"
  policy_document = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource  = "${aws_cloudwatch_log_group.paid.arn}:*"
    }]
  })
}
resource "aws_cloudwatch_event_target" "log" {
  rule           = aws_cloudwatch_event_rule.paid.name
  event_bus_name = aws_cloudwatch_event_bus.billing.name
  target_id      = "log"
  arn            = aws_cloudwatch_log_group.paid.arn
}
data "aws_cloudwatch_event_bus" "billing" { name = aws_cloudwatch_event_bus.billing.name }
data "aws_cloudwatch_event_connection" "partner" {
  name = aws_cloudwatch_event_connection.partner.name
}
data "aws_cloudwatch_log_group" "paid" { name = aws_cloudwatch_log_group.paid.name }
data "aws_cloudwatch_log_groups" "all" { log_group_name_prefix = "/aws" }
data "aws_cloudwatch_event_buses" "all" {}
