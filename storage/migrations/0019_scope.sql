-- What a person without a view of the whole county sees: by who takes part, by place, and by category within a place.
-- A null `node` sees everything. One place for the rule in SQL; rules/access.py says the same for single questions.

create function in_scope(i incidents, node text, division text, categories text[], within text) returns boolean
language sql stable parallel safe
return node is null
    or i.from_node = node
    or starts_with(i.division, division)
    or exists (select from jsonb_each_text(i.nodes) as seat where seat.value = node)
    or ((i.division is null or within is null or starts_with(i.division, within))
        and exists (select from unnest(categories) as c where i.category = c or starts_with(i.category, c || '.')));
