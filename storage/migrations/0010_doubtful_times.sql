-- Claimed times that are not believed (`rules/plausibility.py`), by name: occurred_at, known_at. What would count from
-- them counts from the receipt. Of what was stored before, nothing is doubted: its duties stand as they were opened.

alter table incidents add column doubtful_times text[] not null default '{}';
alter table reports add column doubtful_times text[] not null default '{}';
