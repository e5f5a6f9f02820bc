"""What is asked of the billing export, in BigQuery's SQL; of what somebody typed only the table's name stands in it."""

PARTITION = "(_PARTITIONTIME >= TIMESTAMP_TRUNC(@partition, DAY) OR _PARTITIONTIME IS NULL)"
"""What was loaded since; rows that are still in the stream have no partition yet."""

GROWN = """
WITH recent AS (
  SELECT invoice.month AS month, export_time, MAX(export_time) OVER (PARTITION BY invoice.month) AS newest
  FROM `{table}`
  WHERE export_time >= @since AND {partition}
)
SELECT
  month,
  UNIX_MICROS(newest) AS newest,
  COUNTIF(export_time >= TIMESTAMP_SUB(newest, INTERVAL {overlap} DAY)) AS beside
FROM recent
GROUP BY month, newest
ORDER BY month DESC
"""

MONTH = """
WITH lines AS (
  SELECT
    DATE(usage_start_time, 'America/Los_Angeles') AS day,
    cost_type,
    currency,
    service.description AS service,
    {sku} AS sku,
    IFNULL(project.name, project.id) AS project,
    CASE
      WHEN service.description != 'Vertex AI' THEN NULL
      WHEN REGEXP_CONTAINS(sku.description, r'(?i)predict') THEN 'inference'
      WHEN REGEXP_CONTAINS(sku.description, r'(?i)training') THEN 'training'
      WHEN REGEXP_CONTAINS(sku.description, r'(?i)workbench|notebook') THEN 'experimentation'
    END AS known_purpose,
    {labels},
    CAST(cost AS NUMERIC) AS cost,
    CAST({listed} AS NUMERIC) AS listed,
    CAST(usage.amount_in_pricing_units AS NUMERIC) AS units,
    credits
  FROM `{table}`
  WHERE invoice.month = @month AND {partition}
)
SELECT {columns}, SUM(cost) AS cost, SUM(listed) AS listed, SUM(units) AS units
FROM lines
GROUP BY {columns}
UNION ALL
SELECT {credited}, SUM(CAST(credit.amount AS NUMERIC)), CAST(NULL AS NUMERIC), CAST(NULL AS NUMERIC)
FROM lines, UNNEST(credits) AS credit
GROUP BY {columns}
"""

COLUMNS = ("cost_type", "day", "currency", "service", "sku", "project", "known_purpose", "model", "team", "purpose")

LABEL = """IFNULL(
      (SELECT label.value FROM UNNEST(labels) AS label WHERE label.key = @{name}_label LIMIT 1),
      (SELECT label.value FROM UNNEST(project.labels) AS label WHERE label.key = @{name}_label LIMIT 1)
    ) AS {name}"""
"""A sub-select, for a join would count the cost of a row once for each of its labels."""
