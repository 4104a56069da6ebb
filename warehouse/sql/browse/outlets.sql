-- What a search can be narrowed to: outlets. Grain: one outlet. Input: main.outlets. User: warehouse/browse.py.

SELECT
    outlet_id,
    name
FROM main.outlets
ORDER BY LOWER(name), outlet_id
