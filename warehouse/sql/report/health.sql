-- How each outlet is doing now. Grain: one outlet. Input: main.outlet_health. User: the report.

SELECT *
FROM main.outlet_health
ORDER BY outlet_id
